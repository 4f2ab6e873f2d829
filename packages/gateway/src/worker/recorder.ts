import type { GatewayErrorEvent, RequestLogEvent } from '@holdfast/contracts/gateway/link'
import type { EventBatch } from '../data-plane.ts'
import type { Call } from '../proxy/call.ts'
import type { Counters } from './counters.ts'

/** Remembers what happened to each request, and hands it on in batches. */
export interface Recorder {
  /** Once for each request, when its answer has been given or given up. */
  record(call: Call, statusCode: number, errorCode: string | null, errorMessage: string | null): void
  /** Once for what never became a request. */
  recordBroken(request: BrokenRequest): void
  /** Hands on what has been collected. */
  flush(): void
}

/** What can be told of a request that the parser refused. */
export type BrokenRequest = Pick<
  RequestLogEvent,
  'id' | 'method' | 'path' | 'statusCode' | 'clientIp' | 'errorCode'
> & { atMs: number }

/** What a thread hands on at once. */
export interface ThreadEvents extends EventBatch {
  /** Consumer id to requests since the batch before. */
  consumers: [string, number][]
}

const eventsPerBatchMax = 500
/** Refusals that say something about the services, not about the client. */
const errorEventStatusMin = 500

export function createRecorder(counters: Counters, emit: (events: ThreadEvents) => void): Recorder {
  let logs: RequestLogEvent[] = []
  let errors: GatewayErrorEvent[] = []
  let consumers = new Map<string, number>()
  let lastMs = 0
  let lastAt = ''
  const isoOf = (atMs: number): string => {
    if (atMs !== lastMs) {
      lastMs = atMs
      lastAt = new Date(atMs).toISOString()
    }
    return lastAt
  }
  const flush = () => {
    if (logs.length === 0 && errors.length === 0) return
    const events = { logs, errors, consumers: [...consumers] }
    logs = []
    errors = []
    consumers = new Map()
    emit(events)
  }
  return {
    flush,
    recordBroken({ atMs, ...request }) {
      counters.count(request.statusCode, true, 0)
      logs.push({
        ...request,
        at: isoOf(atMs),
        routeId: null,
        serviceId: null,
        consumerId: null,
        userId: null,
        responseTimeMs: 0,
        downstreamLatencyMs: null,
        requestId: request.id,
        userAgent: null,
      })
      if (logs.length >= eventsPerBatchMax) flush()
    },
    record(call, statusCode, errorCode, errorMessage) {
      if (call.isRecorded) return
      call.isRecorded = true
      const responseTimeMs = Math.round((performance.now() - call.startedMs) * 1_000) / 1_000
      const { consumerId, head } = call
      counters.count(statusCode, errorCode !== null, responseTimeMs)
      if (consumerId !== null) consumers.set(consumerId, (consumers.get(consumerId) ?? 0) + 1)
      const at = isoOf(call.atMs)
      const path = call.path.length > 2_000 ? call.path.slice(0, 2_000) : call.path
      logs.push({
        id: call.id,
        at,
        routeId: call.route === null ? null : call.route.id,
        serviceId: call.route === null ? null : call.route.config.serviceId,
        consumerId,
        userId: call.userId,
        method: call.method,
        path,
        statusCode,
        responseTimeMs,
        downstreamLatencyMs: call.downstreamLatencyMs,
        requestId: call.requestId,
        clientIp: call.clientAddress,
        userAgent: head.userAgent === null ? null : head.userAgent.slice(0, 500),
        errorCode,
      })
      if (errorCode !== null && (statusCode >= errorEventStatusMin || errorCode === 'SERVICE_NOT_FOUND')) {
        errors.push({
          id: call.id,
          at,
          requestId: call.requestId,
          errorCode,
          message: (errorMessage ?? errorCode).slice(0, 1_000),
          serviceId: call.route === null ? null : call.route.config.serviceId,
          path,
          statusCode,
        })
      }
      if (logs.length >= eventsPerBatchMax) flush()
    },
  }
}
