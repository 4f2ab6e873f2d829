import type { MetricsEvent } from '@holdfast/contracts/gateway/link'

/** How finely counts are kept, and for how long: a finer slot is for a shorter look back. */
export const slots = [
  { seconds: 10, keptMs: 2 * 3_600_000 },
  { seconds: 60, keptMs: 25 * 3_600_000 },
  { seconds: 3_600, keptMs: 30 * 86_400_000 },
] as const

export interface MetricRow {
  slot_seconds: number
  at: string
  requests: number
  errors: number
  refused: number
  latency: Record<string, number>
}

export interface ConsumerRow {
  consumer_id: string
  at: string
  requests: number
}

const slotOf = (at: string, seconds: number): string =>
  new Date(Math.floor(Date.parse(at) / (seconds * 1_000)) * seconds * 1_000).toISOString()

/** One row for each slot that these events fall into, with everything added up. */
export function addedMetrics(events: readonly MetricsEvent[], now: Date): MetricRow[] {
  const rows = new Map<string, MetricRow>()
  for (const event of events) {
    for (const { seconds, keptMs } of slots) {
      const at = slotOf(event.at, seconds)
      if (Date.parse(at) < now.getTime() - keptMs) continue
      const key = `${seconds} ${at}`
      const row = rows.get(key) ?? {
        slot_seconds: seconds,
        at,
        requests: 0,
        errors: 0,
        refused: 0,
        latency: {},
      }
      rows.set(key, row)
      row.requests += event.requests
      row.errors += event.errors
      row.refused += event.refused
      for (const [bucket, count] of Object.entries(event.latency))
        row.latency[bucket] = (row.latency[bucket] ?? 0) + count
    }
  }
  return [...rows.values()]
}

/** How far back requests of consumers are kept by ten minutes. */
export const tenMinutesKeptMs = 2 * 3_600_000

/** Requests by consumer and slots of so many seconds. */
export function consumerSlots(events: readonly MetricsEvent[], seconds: number): ConsumerRow[] {
  const rows = new Map<string, ConsumerRow>()
  for (const event of events) {
    const at = slotOf(event.at, seconds)
    for (const [consumer_id, requests] of Object.entries(event.consumers)) {
      const key = `${consumer_id} ${at}`
      const row = rows.get(key) ?? { consumer_id, at, requests: 0 }
      rows.set(key, row)
      row.requests += requests
    }
  }
  return [...rows.values()]
}
