import type { TenantChoice } from '@holdfast/contracts/gateway/tenants'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { request } from './client.ts'
import { queryClient } from './query.ts'
import { bootPaths, meQuery, useMe } from './session.ts'
import { readStored, writeStored } from './stored.ts'

/** The organizations that the person belongs to. */
export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: async () => (await request({ path: bootPaths.organizations })) as TenantChoice[],
  staleTime: 60_000,
})

const listeners = new Set<() => void>()
const keyOf = (userId: string) => `organization.${userId}`

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export interface ChosenOrganization {
  /** The one that pages are about; undefined while nobody is known to be signed in. */
  id: string | undefined
  /** What the person is in it; undefined until it is known. */
  role: TenantChoice['role'] | undefined
  all: readonly TenantChoice[]
  choose: (id: string) => void
}

/** The organization that the person works in: the one chosen in this browser, while they belong to it, else their own. */
export function useOrganization(): ChosenOrganization {
  const me = useMe()
  const userId = me?.id
  const chosen = useSyncExternalStore(subscribe, () =>
    userId === undefined ? null : readStored(keyOf(userId)),
  )
  const { data: all = [] } = useQuery({ ...organizationsQuery, enabled: userId !== undefined })
  const isKnown = all.length === 0 || all.some((one) => one.id === chosen)
  const id = chosen !== null && isKnown ? chosen : me?.tenantId
  return {
    id,
    role: all.find((one) => one.id === id)?.role,
    all,
    choose(next) {
      if (userId === undefined) return
      writeStored(keyOf(userId), next)
      for (const listener of listeners) listener()
    },
  }
}

/** The same, for what is not a component: from what has been read already. */
export function chosenOrganizationId(): string | undefined {
  const me = queryClient.getQueryData(meQuery.queryKey)
  if (!me) return undefined
  const chosen = readStored(keyOf(me.id))
  const all = queryClient.getQueryData(organizationsQuery.queryKey) ?? []
  return chosen !== null && all.some((one) => one.id === chosen) ? chosen : me.tenantId
}
