import {
  type GatewayErrorEvent,
  linkLimits,
  type MetricsEvent,
  type RequestLogEvent,
  type ServiceHealthEvent,
  type TelemetryBatch,
} from '@holdfast/contracts/gateway/link'

export interface TelemetryEvents {
  logs?: readonly RequestLogEvent[]
  errors?: readonly GatewayErrorEvent[]
  health?: readonly ServiceHealthEvent[]
  metrics?: readonly MetricsEvent[]
}

/** A batch that is being filled. */
export interface OpenBatch {
  /** In events; see `eventSize`. */
  readonly size: number
  isFull(): boolean
  add<Kind extends keyof TelemetryEvents>(kind: Kind, event: TelemetryBatch[Kind][number]): void
  seal(sequence: number, dropped: number): TelemetryBatch
}

/** Half of what a message may weigh, since a character may take two bytes or more once it is escaped. */
const charactersMax = linkLimits.messageBytesMax / 3

export function createOpenBatch(): OpenBatch {
  const lists = { logs: [], errors: [], health: [], metrics: [] } as Pick<
    TelemetryBatch,
    keyof TelemetryEvents
  >
  let size = 0
  let characters = 0
  return {
    get size() {
      return size
    },
    isFull: () => size >= linkLimits.telemetryEventsPerBatch || characters >= charactersMax,
    add(kind, event) {
      ;(lists[kind] as unknown[]).push(event)
      size += eventSize(event)
      characters += 'path' in event ? event.path.length + 400 : 200
      if ('userAgent' in event) characters += event.userAgent?.length ?? 0
    },
    seal: (sequence, dropped) => ({ sequence, dropped, ...lists }),
  }
}

/** A metrics event carries a line for each consumer and counts for more. */
export function eventSize(event: object): number {
  return 'consumers' in event ? 1 + Math.ceil(Object.keys(event.consumers as object).length / 10) : 1
}

export function batchSize(batch: TelemetryBatch): number {
  return (
    batch.logs.length +
    batch.errors.length +
    batch.health.length +
    batch.metrics.reduce((sum, event) => sum + eventSize(event), 0)
  )
}
