import type { Me } from '@holdfast/contracts/identity/auth'
import type { SetupStatus } from '@holdfast/contracts/identity/setup'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { request } from './client.ts'
import { statusOf } from './problem-text.ts'
import { queryClient } from './query.ts'

/**
 * What the console asks before it shows anything. Only the types come from the contracts: their schemas would bring zod
 * into the first load. A test holds these paths against the routes.
 */
export const bootPaths = {
  me: '/api/auth/me',
  setup: '/api/setup/status',
  organizations: '/api/tenants',
} as const

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['session', 'me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return ((await request({ path: bootPaths.me })) as { data: Me }).data
    } catch (thrown) {
      if (statusOf(thrown) === 401) return null
      throw thrown
    }
  },
  staleTime: 60_000,
})

/** Whether the installation has been set up, and where the first-run wizard stands. */
export const setupQuery = queryOptions({
  queryKey: ['setup', 'status'],
  queryFn: async () => (await request({ path: bootPaths.setup })) as SetupStatus,
  staleTime: Number.POSITIVE_INFINITY,
})

/** The person signed in. For pages inside the shell, which is only rendered for one. */
export function useMe(): Me | undefined {
  return useQuery(meQuery).data ?? undefined
}

/** Whether the person holds any of these permissions. The server decides; this only spares a useless button. */
export function useMay(...permissions: readonly string[]): boolean {
  const me = useMe()
  return me?.permissions.some((held) => permissions.includes(held)) ?? false
}

/** Forgets everything that was read as the person who has just left; nobody is signed in then. */
export function forgetSession(): void {
  queryClient.removeQueries({
    predicate: ({ queryKey }) => queryKey[0] !== 'session' && queryKey[0] !== 'setup',
  })
  queryClient.setQueryData(meQuery.queryKey, null)
}
