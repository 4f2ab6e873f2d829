import { linkLimits, type MetricsEvent, type TelemetryBatch } from '@holdfast/contracts/gateway/link'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import { batchSize, createOpenBatch, type TelemetryEvents } from './open-batch.ts'
import type { Spool } from './spool.ts'

/**
 * Hands events to the control plane in batches, one under way at a time, each kept until it is acknowledged and sent again
 * under the same number after a break. At most 10,000 events wait; then the oldest batch goes and is counted.
 *
 * A batch that has to wait rests on disk too. What a crash takes of the events handed over is therefore the batch that is
 * being filled: what came within 500 ms, and without a link up to 1,000 events.
 */
export interface Shipper {
  /** Takes over what the process before left behind. */
  start(): Promise<void>
  /** Under which the control plane counts our batches. */
  bootId(): string
  add(events: TelemetryEvents, dropped?: number): void
  linkOpened(): void
  linkClosed(): void
  acknowledged(sequence: number): void
  /** Sends what there is; what is not acknowledged by the deadline rests on disk for the next start. */
  flush(deadlineMs: number): Promise<void>
  status(): ShipperStatus
}

export interface ShipperStatus {
  bufferedEvents: number
  droppedEvents: number
  /** Batches that were acknowledged. */
  deliveredBatches: number
}

interface Needs {
  spool: Spool
  /** False when the link is down. */
  send: (batch: TelemetryBatch) => boolean
  /** What was counted since the batch before; goes with the events of the same time. */
  metrics: () => readonly MetricsEvent[]
  newBootId: () => string
  clock: Clock
  logger: Logger
}

export const bufferedEventsMax = 10_000
/** A batch the control plane is slow to acknowledge is written down as well. */
const writtenAfterMs = 1_000
/** Numbers of a process that went on for longer than its files say are stepped over. */
const sequenceGapAfterCrash = 1_000_000

export function createShipper({ spool, send, metrics, newBootId, clock, logger }: Needs): Shipper {
  let bootId = newBootId()
  let nextSequence = 1
  let open = createOpenBatch()
  /** Full ones, oldest first; the first one may be under way. */
  const waiting: { batch: TelemetryBatch; size: number }[] = []
  let waitingSize = 0
  let underWay: TelemetryBatch | null = null
  let linked = false
  let due = false
  let cancelDue: (() => void) | null = null
  let droppedSinceBatch = 0
  let droppedTotal = 0
  let delivered = 0
  let whenEmpty: (() => void) | null = null

  function drop(count: number): void {
    if (count > 0 && droppedSinceBatch === 0)
      logger.warn(
        { droppedBefore: droppedTotal },
        'The telemetry buffer is full; the oldest events are dropped',
      )
    droppedSinceBatch += count
    droppedTotal += count
  }

  function seal(): void {
    for (const event of metrics()) open.add('metrics', event)
    const batch = open.seal(nextSequence, droppedSinceBatch)
    const { size } = open
    nextSequence += 1
    droppedSinceBatch = 0
    open = createOpenBatch()
    due = false
    cancelDue?.()
    cancelDue = null
    waiting.push({ batch, size })
    waitingSize += size
    if (!linked || underWay !== null) spool.write(bootId, batch)
    while (waitingSize > bufferedEventsMax && dropOldest());
  }

  /** The one under way may have arrived already; it goes only when it is the last. */
  function dropOldest(): boolean {
    const [oldest] = waiting.splice(linked && underWay !== null ? 1 : 0, 1)
    if (oldest === undefined) return false
    waitingSize -= oldest.size
    drop(oldest.size)
    // What that batch had to say about earlier losses is still true.
    droppedSinceBatch += oldest.batch.dropped
    spool.remove(bootId, oldest.batch.sequence)
    return true
  }

  function pump(): void {
    if (!linked || underWay !== null) return
    if (waiting.length === 0 && due && open.size > 0) seal()
    const [first] = waiting
    if (first === undefined) return
    const { batch } = first
    if (!send(batch)) return
    underWay = batch
    clock.after(writtenAfterMs, () => {
      if (underWay === batch) spool.write(bootId, batch)
    })
  }

  function addOne<Kind extends keyof TelemetryEvents>(kind: Kind, event: TelemetryBatch[Kind][number]): void {
    open.add(kind, event)
    if (open.isFull()) {
      seal()
      pump()
    } else {
      cancelDue ??= clock.after(linkLimits.telemetryBatchIntervalMs, () => {
        due = true
        pump()
      })
    }
  }

  return {
    async start() {
      const left = await spool.read()
      if (left === null) return
      bootId = left.bootId
      for (const batch of left.batches) {
        const size = batchSize(batch)
        waiting.push({ batch, size })
        waitingSize += size
        nextSequence = batch.sequence + 1
      }
      nextSequence += sequenceGapAfterCrash
      logger.info(
        { batches: waiting.length, events: waitingSize },
        'Telemetry of the process before is sent first',
      )
    },
    bootId: () => bootId,
    add(events, dropped = 0) {
      drop(dropped)
      for (const event of events.logs ?? []) addOne('logs', event)
      for (const event of events.errors ?? []) addOne('errors', event)
      for (const event of events.health ?? []) addOne('health', event)
      for (const event of events.metrics ?? []) addOne('metrics', event)
    },
    linkOpened() {
      linked = true
      underWay = null
      pump()
    },
    linkClosed() {
      linked = false
      if (underWay !== null) spool.write(bootId, underWay)
      underWay = null
    },
    acknowledged(sequence) {
      while (waiting[0] !== undefined && waiting[0].batch.sequence <= sequence) {
        const [done] = waiting.splice(0, 1)
        if (done === undefined) break
        waitingSize -= done.size
        delivered += 1
        spool.remove(bootId, done.batch.sequence)
      }
      if (underWay !== null && underWay.sequence <= sequence) underWay = null
      pump()
      if (waiting.length === 0 && open.size === 0) whenEmpty?.()
    },
    async flush(deadlineMs) {
      if (open.size > 0) seal()
      pump()
      if (linked && waiting.length > 0) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(deadlineMs, resolve)
          whenEmpty = () => {
            cancel()
            resolve()
          }
        })
      }
      for (const { batch } of waiting) spool.write(bootId, batch)
      if (waiting.length > 0) logger.warn({ batches: waiting.length }, 'Telemetry is left for the next start')
      await spool.settled()
    },
    status: () => ({
      bufferedEvents: waitingSize + open.size,
      droppedEvents: droppedTotal,
      deliveredBatches: delivered,
    }),
  }
}
