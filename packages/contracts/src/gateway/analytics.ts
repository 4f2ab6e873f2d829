import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { stream } from '../kit/media.ts'
import { route } from '../kit/route.ts'
import { ServiceHealthEvent } from './link.ts'
import { TenantItemParams, TenantParams } from './shared.ts'

/** What a tenant's gateways have reported (reference 002): bare bodies, 50 a page, newest first. */

export const analyticsPageRows = 50

/** A filter of a form may come empty; then it filters nothing. */
function filter<S extends z.ZodType>(schema: S) {
  return z
    .union([z.literal(''), schema])
    .optional()
    .transform((value) => (value === '' ? undefined : value) as z.output<S> | undefined)
}

const Instant = z.iso.datetime({ offset: true })
const paging = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  cursor: z
    .string()
    .max(80)
    .regex(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/,
      'must be X-Next-Cursor of the answer before',
    )
    .optional()
    .describe(
      '`X-Next-Cursor` of the answer before: goes on after its last row, whatever has come in since.',
    ),
}

export const RequestLog = z
  .object({
    id: Id,
    timestamp: Timestamp,
    gatewayId: Id,
    consumerId: Id.nullable(),
    /** The member of the organization who called with a token of the platform. */
    userId: Id.nullable(),
    routeId: Id.nullable(),
    serviceId: Id.nullable(),
    /** Name of the service that was asked; null when none was, or it is gone. */
    downstreamService: z.string().nullable(),
    method: z.string(),
    path: z.string(),
    statusCode: z.int(),
    responseTimeMs: z.number(),
    downstreamLatencyMs: z.number().nullable(),
    requestId: z.string(),
    clientIp: z.string(),
    userAgent: z.string().nullable(),
    errorCode: z.string().nullable(),
  })
  .meta({ id: 'GatewayRequestLog' })
export type RequestLog = z.output<typeof RequestLog>

/** Said while following the log, instead of what was too much of one second to be read. */
export const SkippedLogs = z.object({ skipped: z.int().min(1) })
export type SkippedLogs = z.output<typeof SkippedLogs>

const logFilters = {
  path: filter(z.string().max(200)).describe('Part of the path, in any case.'),
  statusCode: filter(
    z.string().regex(/^[1-5](\d\d|xx)$/, 'must be a status such as 404, or a class such as 5xx'),
  ),
  consumerId: filter(Id),
  routeId: filter(Id),
  serviceId: filter(Id),
  method: filter(z.string().regex(/^[A-Za-z]{1,20}$/, 'must be a method such as GET')),
  errorCode: filter(z.string().max(60)),
  minDurationMs: filter(z.coerce.number().min(0).max(3_600_000)).describe('Took at least so long.'),
}
export const LogFilters = z.object(logFilters)
export type LogFilters = z.output<typeof LogFilters>

const LogQuery = z.object({ from: filter(Instant), to: filter(Instant), ...logFilters, ...paging })
export type LogQuery = z.output<typeof LogQuery>

export const ErrorEvent = z
  .object({
    id: Id,
    timestamp: Timestamp,
    gatewayId: Id,
    requestId: z.string(),
    errorCode: z.string(),
    message: z.string(),
    serviceId: Id.nullable(),
    path: z.string(),
    statusCode: z.int(),
    resolved: z.boolean(),
  })
  .meta({ id: 'GatewayErrorEvent' })
export type ErrorEvent = z.output<typeof ErrorEvent>

const ErrorQuery = z.object({ resolved: filter(z.enum(['true', 'false'])), ...paging })
export type ErrorQuery = z.output<typeof ErrorQuery>

export const HealthSnapshot = z
  .object({ ...ServiceHealthEvent.shape, checkedAt: Timestamp, gatewayId: Id })
  .meta({ id: 'GatewayHealthSnapshot' })
export type HealthSnapshot = z.output<typeof HealthSnapshot>

export const metricsPeriods = ['1h', '24h', '7d'] as const
export type MetricsPeriod = (typeof metricsPeriods)[number]

export const MetricsSnapshot = z
  .object({
    /** The slot begins here: ten seconds of the last hour, a minute of a day, an hour of a week. */
    timestamp: Timestamp,
    requests: z.int(),
    /** Requests that the gateways refused: no right, or over a limit. */
    refused: z.int(),
    rps: z.number(),
    /** Of all gateways' requests together, within 5 %; null when there was none. */
    p50Ms: z.number().nullable(),
    p95Ms: z.number().nullable(),
    p99Ms: z.number().nullable(),
    /** Share of answers of 500 and above, 0 to 1. */
    errorRate: z.number(),
  })
  .meta({ id: 'GatewayMetricsSnapshot' })
export type MetricsSnapshot = z.output<typeof MetricsSnapshot>

export const ConsumerStats = z
  .object({
    consumerId: Id,
    requests: z.object({
      lastHour: z.int().describe('In the last six ten minutes of the clock, those that run among them.'),
      last24Hours: z.int().describe('In the last 24 hours of the clock, the one that runs among them.'),
      last7Days: z.int().describe('In the last 168 hours of the clock, the one that runs among them.'),
    }),
    /** Of these 24 hours those that had requests. */
    hours: z.array(z.object({ timestamp: Timestamp, requests: z.int() })),
    /** Of the newest requests in the log, at most a thousand. */
    recent: z.object({
      requests: z.int(),
      errorRate: z.number(),
      limited: z.int().describe('Answered 429.'),
      p95Ms: z.number().nullable(),
    }),
    lastRequestAt: Timestamp.nullable(),
  })
  .meta({ id: 'GatewayConsumerStats' })
export type ConsumerStats = z.output<typeof ConsumerStats>

const path = '/api/tenants/{tenantId}'
const access = { organization: 'member' } as const

export const listLogs = route({
  id: 'gatewayLogs.list',
  method: 'GET',
  path: `${path}/logs`,
  summary: 'List what the gateways of a tenant have answered, newest first',
  access,
  params: TenantParams,
  query: LogQuery,
  answers: { 200: z.array(RequestLog) },
})

export const watchLogs = route({
  id: 'gatewayLogs.watch',
  method: 'GET',
  path: `${path}/logs/stream`,
  summary: 'Follow what the gateways of a tenant answer, as Server-Sent Events',
  access,
  params: TenantParams,
  query: LogFilters,
  answers: { 200: stream('text/event-stream') },
  problems: ['gateway.streams_exhausted'],
})

export const listErrors = route({
  id: 'gatewayErrors.list',
  method: 'GET',
  path: `${path}/errors`,
  summary: 'List what went wrong at the gateways of a tenant, newest first',
  access,
  params: TenantParams,
  query: ErrorQuery,
  answers: { 200: z.array(ErrorEvent) },
})

export const resolveError = route({
  id: 'gatewayErrors.resolve',
  method: 'PATCH',
  path: `${path}/errors/{id}`,
  summary: 'Say that an error is dealt with, or is not',
  access,
  audit: 'gateway.error_resolved',
  params: TenantItemParams,
  body: z.object({ resolved: z.boolean() }),
  answers: { 204: null },
  problems: ['gateway_errors.not_found'],
})

export const listHealth = route({
  id: 'gatewayHealth.list',
  method: 'GET',
  path: `${path}/health`,
  summary: 'List the newest health check of each service of a tenant',
  access,
  params: TenantParams,
  answers: { 200: z.array(HealthSnapshot) },
})

export const getHealthHistory = route({
  id: 'gatewayHealth.history',
  method: 'GET',
  path: `${path}/health/{serviceId}`,
  summary: 'List the newest hundred health checks of a service',
  access,
  params: TenantParams.extend({ serviceId: Id }),
  answers: { 200: z.array(HealthSnapshot) },
  problems: ['gateway_services.not_found'],
})

export const listMetrics = route({
  id: 'gatewayMetrics.list',
  method: 'GET',
  path: `${path}/metrics`,
  summary: 'List rate, latency percentiles and error rate over a period, oldest first',
  access,
  params: TenantParams,
  query: z.object({ period: z.enum(metricsPeriods).default('24h') }),
  answers: { 200: z.array(MetricsSnapshot) },
})

export const watchMetrics = route({
  id: 'gatewayMetrics.watch',
  method: 'GET',
  path: `${path}/metrics/stream`,
  summary: 'Follow the metrics of the last full ten seconds, as Server-Sent Events',
  access,
  params: TenantParams,
  answers: { 200: stream('text/event-stream') },
  problems: ['gateway.streams_exhausted'],
})

export const getConsumerStats = route({
  id: 'gatewayConsumers.stats',
  method: 'GET',
  path: `${path}/consumers/{id}/stats`,
  summary: 'Get how much a consumer has used',
  access,
  params: TenantItemParams,
  answers: { 200: ConsumerStats },
  problems: ['gateway_consumers.not_found'],
})

export const analyticsRoutes = [
  listLogs,
  watchLogs,
  listErrors,
  resolveError,
  listHealth,
  getHealthHistory,
  listMetrics,
  watchMetrics,
  getConsumerStats,
] as const
