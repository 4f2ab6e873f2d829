import type { MetricsEvent } from '@holdfast/contracts/gateway/link'
import type { Clock } from '@holdfast/kernel/clock'
import type { DataPlane, DataPlaneMetrics, EventBatch } from '../data-plane.ts'

/**
 * Adds up what the data plane counted: ten-second slots for the control plane, totals for Prometheus. The control plane
 * adds up what it gets of a slot, so a slot goes out in parts, with each batch of telemetry: a crash takes no more of the
 * numbers than of the events.
 */
export interface Counters {
  start(): void
  stop(): void
  /** Counts answers by their class; called with every batch of events. */
  seen(batch: EventBatch): void
  /** Takes what was counted since the last look into slot and totals. */
  look(): void
  /** What was counted since the last taking. */
  take(): MetricsEvent[]
  totals(): Totals
}

export interface Totals {
  requests: number
  errors: number
  refused: number
  latency: ReadonlyMap<number, number>
  /** `2xx` to number of answers. */
  statusClasses: ReadonlyMap<string, number>
}

export const slotMs = 10_000
/** Consumers in one event; more of them make more events of the same ten seconds, which are added up. */
const consumersPerEvent = 2_000

interface Needs {
  dataPlane: Pick<DataPlane, 'metrics'>
  /** Takes what is left of a slot that has ended. */
  deliver: (events: MetricsEvent[]) => void
  clock: Clock
}

export function createCounters({ dataPlane, deliver, clock }: Needs): Counters {
  const totals = { requests: 0, errors: 0, refused: 0 }
  const latencyTotals = new Map<number, number>()
  const statusClasses = new Map<string, number>()
  let slot = emptySlot()
  let slotAtMs = slotOf(clock.nowMs())
  let cancel: (() => void) | null = null

  function look(): void {
    const counted = dataPlane.metrics()
    for (const name of ['requests', 'errors', 'refused'] as const) {
      totals[name] += counted[name]
      slot[name] += counted[name]
    }
    addTo(latencyTotals, counted.latency)
    addTo(slot.latency, counted.latency)
    addTo(slot.consumers, counted.consumers)
  }

  function take(): MetricsEvent[] {
    look()
    const taken = slot
    const at = new Date(slotAtMs).toISOString()
    slot = emptySlot()
    slotAtMs = slotOf(clock.nowMs())
    return taken.requests === 0 && taken.consumers.size === 0 ? [] : eventsOf(at, taken)
  }

  function schedule(): void {
    cancel = clock.after(slotOf(clock.nowMs()) + slotMs - clock.nowMs(), () => {
      const events = take()
      if (events.length > 0) deliver(events)
      schedule()
    })
  }

  return {
    start: schedule,
    stop: () => cancel?.(),
    seen({ logs }) {
      for (const { statusCode } of logs) {
        const name = `${Math.floor(statusCode / 100)}xx`
        statusClasses.set(name, (statusClasses.get(name) ?? 0) + 1)
      }
    },
    look,
    take,
    totals: () => ({ ...totals, latency: latencyTotals, statusClasses }),
  }
}

const slotOf = (nowMs: number) => Math.floor(nowMs / slotMs) * slotMs

function emptySlot(): DataPlaneMetrics {
  return { requests: 0, errors: 0, refused: 0, latency: new Map(), consumers: new Map() }
}

function addTo<Key>(sum: Map<Key, number>, counts: ReadonlyMap<Key, number>): void {
  for (const [key, count] of counts) sum.set(key, (sum.get(key) ?? 0) + count)
}

function eventsOf(
  at: string,
  { requests, errors, refused, latency, consumers }: DataPlaneMetrics,
): MetricsEvent[] {
  const named = [...consumers]
  const first = {
    at,
    requests,
    errors,
    refused,
    latency: Object.fromEntries(latency),
    consumers: Object.fromEntries(named.slice(0, consumersPerEvent)),
  }
  const further: MetricsEvent[] = []
  for (let start = consumersPerEvent; start < named.length; start += consumersPerEvent) {
    const consumers = Object.fromEntries(named.slice(start, start + consumersPerEvent))
    further.push({ at, requests: 0, errors: 0, refused: 0, latency: {}, consumers })
  }
  return [first, ...further]
}
