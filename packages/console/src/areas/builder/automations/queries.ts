import { getCronJob, listCronJobs, listCronRuns } from '@holdfast/contracts/builder/automations/cron'
import { listHandlerRuns, listSecrets } from '@holdfast/contracts/builder/code'
import { listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../../lib/client.ts'
import { queryClient } from '../../../lib/query.ts'

/** How often a history is looked at again while it is on screen. */
const refreshEveryMs = 2_000

export const cronJobsQuery = queryOptions({
  queryKey: ['cron', 'list'],
  queryFn: async ({ signal }) => (await client.call(listCronJobs, {}, { signal })).data,
  refetchInterval: refreshEveryMs * 5,
})

export const cronJobQuery = (id: string) =>
  queryOptions({
    queryKey: ['cron', 'one', id],
    queryFn: async ({ signal }) => (await client.call(getCronJob, { params: { id } }, { signal })).data,
  })

export const cronRunsQuery = (id: string) =>
  queryOptions({
    queryKey: ['cron', 'runs', id],
    queryFn: async ({ signal }) =>
      (await client.call(listCronRuns, { params: { id }, query: { limit: 50 } }, { signal })).data,
    refetchInterval: refreshEveryMs,
  })

export const handlerRunsQuery = (endpointId: string) =>
  queryOptions({
    queryKey: ['handlers', 'runs', endpointId],
    queryFn: async ({ signal }) =>
      (await client.call(listHandlerRuns, { params: { id: endpointId }, query: {} }, { signal })).data,
    refetchInterval: refreshEveryMs,
  })

/** Endpoints for the editor: the paths and fields that code can name. They change with the endpoints. */
export const knownEndpointsQuery = queryOptions({
  queryKey: ['endpoints', 'known to code'],
  queryFn: async ({ signal }) =>
    (await client.call(listEndpoints, { query: { system: 'false', limit: 500 } }, { signal })).data,
})

export const secretsQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: async ({ signal }) => (await client.call(listSecrets, {}, { signal })).data,
})

export const forgetCron = () => queryClient.invalidateQueries({ queryKey: ['cron'] })
export const forgetSecrets = () => queryClient.invalidateQueries({ queryKey: ['secrets'] })
