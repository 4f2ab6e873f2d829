import { bucketMax } from '@holdfast/contracts/gateway/histogram'
import {
  GatewayErrorEvent,
  linkLimits,
  MetricsEvent,
  RequestLogEvent,
  ServiceHealthEvent,
} from '@holdfast/contracts/gateway/link'
import { z } from 'zod'
import { storableText } from '../../../storable.ts'
import { addedMetrics, type ConsumerRow, consumerSlots, type MetricRow } from './slots.ts'

/** A batch as it arrives: its events are looked at one by one, so that a bad one costs no other. */
export const ReceivedBatch = z.object({
  sequence: z.int().min(1),
  dropped: z.int().min(0),
  logs: z.array(z.unknown()),
  errors: z.array(z.unknown()),
  health: z.array(z.unknown()),
  metrics: z.array(z.unknown()),
})
export type ReceivedBatch = z.output<typeof ReceivedBatch>

const countMax = 1_000_000_000
const durationMsMax = 3_600_000
/** A clock that runs ahead is believed so far; beyond, an event happened now. */
const aheadMsMax = 60_000

const cut = (lengthMax: number) => z.string().transform((text) => storableText(text.slice(0, lengthMax)))
const between = (min: number, max: number) =>
  z.number().transform((value) => Math.min(max, Math.max(min, value)))
const status = between(0, 999).transform(Math.round)
const count = between(0, countMax).transform(Math.round)
/** Never with a query, which may hold a secret. */
const path = z.string().transform((text) => storableText((text.split('?', 1)[0] ?? '').slice(0, 2_000)))

const Log = RequestLogEvent.extend({
  method: cut(32),
  path,
  statusCode: status,
  responseTimeMs: between(0, durationMsMax),
  downstreamLatencyMs: between(0, durationMsMax).nullable(),
  requestId: cut(200),
  clientIp: cut(60),
  userAgent: cut(500).nullable(),
  errorCode: cut(60).nullable(),
})
const Failure = GatewayErrorEvent.extend({
  requestId: cut(200),
  errorCode: cut(60),
  message: cut(1_000),
  path,
  statusCode: status,
})
const Health = ServiceHealthEvent.extend({
  latencyMs: between(0, durationMsMax).nullable(),
  errorMessage: cut(500).nullable(),
})
const Metrics = MetricsEvent.extend({
  requests: count,
  errors: count,
  refused: count,
  latency: z.record(
    z.string().refine((bucket) => /^\d{1,4}$/.test(bucket) && Number(bucket) <= bucketMax),
    count,
  ),
})

const logRow = ({ at, ...log }: z.output<typeof Log>) => ({
  id: log.id,
  at,
  route_id: log.routeId,
  service_id: log.serviceId,
  consumer_id: log.consumerId,
  user_id: log.userId,
  method: log.method,
  path: log.path,
  status_code: log.statusCode,
  response_time_ms: log.responseTimeMs,
  downstream_latency_ms: log.downstreamLatencyMs,
  request_id: log.requestId,
  client_ip: log.clientIp,
  user_agent: log.userAgent,
  error_code: log.errorCode,
})
const errorRow = (failure: z.output<typeof Failure>) => ({
  id: failure.id,
  at: failure.at,
  request_id: failure.requestId,
  error_code: failure.errorCode,
  message: failure.message,
  service_id: failure.serviceId,
  path: failure.path,
  status_code: failure.statusCode,
})
const healthRow = (check: z.output<typeof Health>) => ({
  service_id: check.serviceId,
  checked_at: check.checkedAt,
  status: check.status,
  latency_ms: check.latencyMs,
  error_message: check.errorMessage,
})

export interface TelemetryRows {
  logs: ReturnType<typeof logRow>[]
  errors: ReturnType<typeof errorRow>[]
  health: ReturnType<typeof healthRow>[]
  metrics: MetricRow[]
  consumerHours: ConsumerRow[]
  consumerTenMinutes: ConsumerRow[]
  /** Dropped by the gateway, and here: not valid, too many, or older than what is kept. */
  dropped: number
}

/** What is stored of a batch that arrives at `now`; `keptFrom` is the first instant that logs are kept of. */
export function telemetryRows(batch: ReceivedBatch, now: Date, keptFrom: Date): TelemetryRows {
  let dropped = Math.min(batch.dropped, countMax)
  function valid<T>(events: readonly unknown[], schema: z.ZodType<T>, instantOf: (event: T) => string): T[] {
    const kept = events.slice(0, linkLimits.telemetryEventsPerBatch).flatMap((event) => {
      const parsed = schema.safeParse(event)
      if (!parsed.success || Date.parse(instantOf(parsed.data)) < keptFrom.getTime()) return []
      return [parsed.data]
    })
    dropped += events.length - kept.length
    return kept
  }
  const notAhead = (at: string) =>
    Date.parse(at) > now.getTime() + aheadMsMax ? now.toISOString() : new Date(at).toISOString()

  const logs = valid(batch.logs, Log, ({ at }) => at)
  const errors = valid(batch.errors, Failure, ({ at }) => at)
  const health = valid(batch.health, Health, ({ checkedAt }) => checkedAt)
  const metrics = valid(batch.metrics, Metrics, ({ at }) => at).map((event) => ({
    ...event,
    at: notAhead(event.at),
  }))
  return {
    logs: logs.map((log) => logRow({ ...log, at: notAhead(log.at) })),
    errors: errors.map((failure) => errorRow({ ...failure, at: notAhead(failure.at) })),
    health: health.map((check) => healthRow({ ...check, checkedAt: notAhead(check.checkedAt) })),
    metrics: addedMetrics(metrics, now),
    consumerHours: consumerSlots(metrics, 3_600),
    consumerTenMinutes: consumerSlots(metrics, 600),
    dropped,
  }
}
