import { getDashboardStats, getDashboardSystem } from '@holdfast/contracts/platform/dashboard'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'

const refreshEveryMs = 30_000

export const statsQuery = queryOptions({
  queryKey: ['dashboard', 'stats'],
  queryFn: async ({ signal }) => (await client.call(getDashboardStats, {}, { signal })).data,
  placeholderData: keepPreviousData,
  refetchInterval: refreshEveryMs,
})

export const systemQuery = queryOptions({
  queryKey: ['dashboard', 'system'],
  queryFn: async ({ signal }) => (await client.call(getDashboardSystem, {}, { signal })).data,
  placeholderData: keepPreviousData,
  refetchInterval: refreshEveryMs,
})
