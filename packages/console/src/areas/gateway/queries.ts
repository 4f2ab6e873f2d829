import {
  type ErrorEvent,
  getConsumerStats,
  getHealthHistory,
  listErrors,
  listHealth,
  listLogs,
  listMetrics,
  type MetricsPeriod,
  type RequestLog,
} from '@holdfast/contracts/gateway/analytics'
import { listConsumers } from '@holdfast/contracts/gateway/consumers'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { listGatewayKeys } from '@holdfast/contracts/gateway/keys'
import { listGatewayRoutes } from '@holdfast/contracts/gateway/routes'
import { listServices } from '@holdfast/contracts/gateway/services'
import { getTenantSettings } from '@holdfast/contracts/gateway/tenants'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import { queryClient } from '../../lib/query.ts'
import { fetchPart } from './parts.ts'

/** How often what gateways report is asked for while it is on screen. */
const refreshMs = 5_000
const chartRefreshMs = 15_000

const key = (tenantId: string, ...rest: readonly unknown[]) => ['gateway', tenantId, ...rest]

export const servicesQuery = (tenantId: string) =>
  queryOptions({
    queryKey: key(tenantId, 'services'),
    queryFn: ({ signal }) => client.call(listServices, { params: { tenantId }, query: {} }, { signal }),
  })

export const routesQuery = (tenantId: string) =>
  queryOptions({
    queryKey: key(tenantId, 'routes'),
    queryFn: ({ signal }) => client.call(listGatewayRoutes, { params: { tenantId }, query: {} }, { signal }),
  })

export const consumersQuery = (tenantId: string) =>
  queryOptions({
    queryKey: key(tenantId, 'consumers'),
    queryFn: ({ signal }) => client.call(listConsumers, { params: { tenantId }, query: {} }, { signal }),
  })

export const settingsQuery = (tenantId: string) =>
  queryOptions({
    queryKey: key(tenantId, 'settings'),
    queryFn: ({ signal }) => client.call(getTenantSettings, { params: { tenantId } }, { signal }),
  })

export const keysQuery = (tenantId: string) =>
  queryOptions({
    queryKey: key(tenantId, 'keys'),
    queryFn: ({ signal }) => client.call(listGatewayKeys, { params: { tenantId } }, { signal }),
  })

export const statusQuery = (tenantId: string) =>
  queryOptions({
    queryKey: key(tenantId, 'status'),
    queryFn: ({ signal }) => client.call(getGatewayStatus, { params: { tenantId } }, { signal }),
    refetchInterval: refreshMs,
  })

export const metricsQuery = (tenantId: string, period: MetricsPeriod) =>
  queryOptions({
    queryKey: key(tenantId, 'metrics', period),
    queryFn: ({ signal }) =>
      client.call(listMetrics, { params: { tenantId }, query: { period } }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: chartRefreshMs,
  })

export const healthQuery = (tenantId: string) =>
  queryOptions({
    queryKey: key(tenantId, 'health'),
    queryFn: ({ signal }) => client.call(listHealth, { params: { tenantId } }, { signal }),
    refetchInterval: refreshMs,
  })

export const healthHistoryQuery = (tenantId: string, serviceId: string) =>
  queryOptions({
    queryKey: key(tenantId, 'health', serviceId),
    queryFn: ({ signal }) => client.call(getHealthHistory, { params: { tenantId, serviceId } }, { signal }),
    refetchInterval: refreshMs,
  })

export const consumerStatsQuery = (tenantId: string, id: string) =>
  queryOptions({
    queryKey: key(tenantId, 'stats', id),
    queryFn: ({ signal }) => client.call(getConsumerStats, { params: { tenantId, id } }, { signal }),
    refetchInterval: chartRefreshMs,
  })

export const logsQuery = (tenantId: string, filters: Readonly<Record<string, string>>, live: boolean) =>
  infiniteQueryOptions({
    queryKey: key(tenantId, 'logs', filters),
    queryFn: ({ pageParam, signal }) =>
      fetchPart<RequestLog[]>(listLogs, tenantId, { ...filters, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (part) => part.next,
    placeholderData: keepPreviousData,
    // The live tail brings what is new; reading the pages again would bring it twice.
    refetchOnWindowFocus: !live,
  })

export const errorsQuery = (tenantId: string, resolved: string | undefined) =>
  infiniteQueryOptions({
    queryKey: key(tenantId, 'errors', resolved),
    queryFn: ({ pageParam, signal }) =>
      fetchPart<ErrorEvent[]>(listErrors, tenantId, { resolved, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (part) => part.next,
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  })

/** Something of the tenant's configuration has changed: whatever is on screen is read again. */
export async function forgetGateway(tenantId: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: key(tenantId) })
}
