import type { MetricsPeriod, MetricsSnapshot } from '@holdfast/contracts/gateway/analytics'
import { percentileMs } from '@holdfast/contracts/gateway/histogram'

export interface StoredMetrics {
  at: string
  requests: number
  errors: number
  refused: number
  /** Bucket to count; see histogram.ts. */
  latency: Record<string, number>
}

/** How far back each period looks, and by which slots. */
export const periods: Record<MetricsPeriod, { slotSeconds: number; lengthMs: number }> = {
  '1h': { slotSeconds: 10, lengthMs: 3_600_000 },
  '24h': { slotSeconds: 60, lengthMs: 86_400_000 },
  '7d': { slotSeconds: 3_600, lengthMs: 7 * 86_400_000 },
}

export const fineSlotMs = 10_000
/** Until a slot of ten seconds has been reported by every gateway that is there. */
const reportedWithinMs = 2_000

/** What of these slots every gateway has reported: not the ten seconds that run. */
export function fullSlots<T extends { at: string }>(slots: readonly T[], nowMs: number): T[] {
  return slots.filter(({ at }) => Date.parse(at) + fineSlotMs + reportedWithinMs <= nowMs)
}

/**
 * Of a slot that still runs, what is known to be whole: its requests but those of the ten seconds that run, and how long they
 * took to come. `fine` are the slots of ten seconds within it.
 */
export function knownOf(
  stored: StoredMetrics,
  slotSeconds: number,
  fine: readonly StoredMetrics[],
  nowMs: number,
): { requests: number; seconds: number } {
  const begin = Date.parse(stored.at)
  const end = begin + slotSeconds * 1_000
  if (end + reportedWithinMs <= nowMs) return { requests: stored.requests, seconds: slotSeconds }
  const full = new Set(fullSlots(fine, nowMs))
  const running = fine.filter((slot) => !full.has(slot)).reduce((sum, { requests }) => sum + requests, 0)
  const knownUntil = Math.min(end, Math.floor((nowMs - reportedWithinMs) / fineSlotMs) * fineSlotMs)
  // In its first seconds nothing is whole yet.
  if (knownUntil <= begin) return { requests: stored.requests, seconds: Math.max(1, (nowMs - begin) / 1_000) }
  return { requests: stored.requests - running, seconds: (knownUntil - begin) / 1_000 }
}

/** What a slot says. `known`: what its rate is that of, when it is not whole yet. */
export function metricsSnapshot(
  stored: StoredMetrics,
  known: { requests: number; seconds: number },
): MetricsSnapshot {
  const counts = Object.entries(stored.latency).map(([bucket, count]) => [Number(bucket), count] as const)
  return {
    timestamp: stored.at,
    requests: stored.requests,
    refused: stored.refused,
    rps: known.requests / known.seconds,
    p50Ms: percentileMs(counts, 0.5),
    p95Ms: percentileMs(counts, 0.95),
    p99Ms: percentileMs(counts, 0.99),
    errorRate: stored.requests === 0 ? 0 : Math.min(1, stored.errors / stored.requests),
  }
}
