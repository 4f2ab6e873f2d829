import {
  type CollectionSummary,
  getDocument,
  listCollections,
  listDocuments,
} from '@holdfast/contracts/platform/explorer'
import { getSqlAccess } from '@holdfast/contracts/builder/sql-access'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { client } from '../../../lib/client.ts'
import { queryClient } from '../../../lib/query.ts'

export const documentsPerPage = 50

export const collectionsQuery = queryOptions({
  queryKey: ['database', 'collections'],
  queryFn: async ({ signal }) => (await client.call(listCollections, {}, { signal })).data,
})

/** One collection as the list describes it; undefined while it loads, and for a name that is none. */
export function useCollection(name: string): CollectionSummary | undefined {
  return useQuery(collectionsQuery).data?.find((collection) => collection.name === name)
}

export const documentsQuery = (name: string, query: { page: number; search?: string | undefined }) =>
  queryOptions({
    queryKey: ['database', 'documents', name, query],
    queryFn: ({ signal }) =>
      client.call(
        listDocuments,
        { params: { name }, query: { ...query, limit: documentsPerPage } },
        { signal },
      ),
    placeholderData: keepPreviousData,
  })

export const documentQuery = (name: string, id: string) =>
  queryOptions({
    queryKey: ['database', 'document', name, id],
    queryFn: async ({ signal }) =>
      (await client.call(getDocument, { params: { name, id } }, { signal })).data,
  })

export const sqlAccessQuery = queryOptions({
  queryKey: ['sql-access'],
  queryFn: async ({ signal }) => (await client.call(getSqlAccess, {}, { signal })).data,
})

export const forgetDocuments = () => queryClient.invalidateQueries({ queryKey: ['database'] })
