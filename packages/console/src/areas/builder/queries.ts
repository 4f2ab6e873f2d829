import { listEndpointGroups } from '@holdfast/contracts/builder/endpoint-groups'
import { getEndpointDocs } from '@holdfast/contracts/builder/endpoint-tools'
import {
  type Endpoint,
  getEndpoint,
  listEndpoints,
  listEndpointVersions,
} from '@holdfast/contracts/builder/endpoints'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import { queryClient } from '../../lib/query.ts'
import { basePathOf } from './paths.ts'

export interface EndpointFilter {
  search?: string | undefined
  groupId?: string | undefined
  system: 'true' | 'false'
  page: number
}

/** What is read of endpoints, and under which key; after a change `forgetEndpoints` renews all of it. */
export const endpointsQuery = (filter: EndpointFilter) =>
  queryOptions({
    queryKey: ['endpoints', 'list', filter],
    queryFn: ({ signal }) => client.call(listEndpoints, { query: filter }, { signal }),
    placeholderData: keepPreviousData,
  })

export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: ['endpoints', 'one', id],
    queryFn: async ({ signal }) => (await client.call(getEndpoint, { params: { id } }, { signal })).data,
  })

/** The endpoints that share one collection of records, this one included. */
export const siblingsQuery = (endpoint: Pick<Endpoint, 'id' | 'path' | 'collectionId'>) =>
  queryOptions({
    queryKey: ['endpoints', 'siblings', endpoint.collectionId ?? endpoint.id],
    queryFn: async ({ signal }) => {
      // An endpoint of the product itself has no records, and nobody shares them.
      if (endpoint.collectionId === null) return []
      const search = basePathOf(endpoint.path)
      const found = await client.call(
        listEndpoints,
        { query: { search, system: 'false', limit: 500 } },
        { signal },
      )
      return found.data.filter((one) => one.collectionId === endpoint.collectionId)
    },
  })

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['endpoints', 'versions', id],
    queryFn: async ({ signal }) =>
      (await client.call(listEndpointVersions, { params: { id }, query: { limit: 50 } }, { signal })).data,
  })

export const docsQuery = (id: string) =>
  queryOptions({
    queryKey: ['endpoints', 'docs', id],
    queryFn: async ({ signal }) => (await client.call(getEndpointDocs, { params: { id } }, { signal })).data,
  })

export const endpointGroupsQuery = queryOptions({
  queryKey: ['endpoints', 'groups'],
  queryFn: async ({ signal }) => (await client.call(listEndpointGroups, {}, { signal })).data,
})

/** Something about endpoints has changed: whatever is on screen is read again. */
export async function forgetEndpoints(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['endpoints'] })
}
