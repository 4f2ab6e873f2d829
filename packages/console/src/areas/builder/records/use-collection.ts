import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useMe } from '../../../lib/session.ts'
import { endpointQuery, siblingsQuery } from '../queries.ts'
import { type Collection, collectionOf } from './collection.ts'

export interface LoadedCollection {
  endpoint: Endpoint | undefined
  collection: Collection | undefined
  error: unknown
  retry: () => void
}

/** The collection that an endpoint belongs to, with everything that can be done with it. */
export function useCollection(endpointId: string): LoadedCollection {
  const endpoint = useQuery(endpointQuery(endpointId))
  const siblings = useQuery({
    ...siblingsQuery(endpoint.data ?? { id: endpointId, path: '', collectionId: null }),
    enabled: endpoint.data !== undefined,
  })
  const me = useMe()
  const groupIds = useMemo(() => me?.groupIds.map((group) => group.id) ?? [], [me])
  const collection = useMemo(
    () =>
      endpoint.data && siblings.data ? collectionOf(siblings.data, endpoint.data.path, groupIds) : undefined,
    [endpoint.data, siblings.data, groupIds],
  )
  return {
    endpoint: endpoint.data,
    collection,
    error: endpoint.error ?? siblings.error,
    retry: () => void endpoint.refetch().then(() => siblings.refetch()),
  }
}
