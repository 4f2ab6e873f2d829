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

/** What a slot says. Of the one that still runs, the rate is that of the time so far. */
export function metricsSnapshot(stored: StoredMetrics, slotSeconds: number, nowMs: number): MetricsSnapshot {
  const counts = Object.entries(stored.latency).map(([bucket, count]) => [Number(bucket), count] as const)
  const runsForSeconds = (nowMs - Date.parse(stored.at)) / 1_000
  return {
    timestamp: stored.at,
    requests: stored.requests,
    refused: stored.refused,
    rps: stored.requests / Math.min(slotSeconds, Math.max(1, runsForSeconds)),
    p50Ms: percentileMs(counts, 0.5),
    p95Ms: percentileMs(counts, 0.95),
    p99Ms: percentileMs(counts, 0.99),
    errorRate: stored.requests === 0 ? 0 : Math.min(1, stored.errors / stored.requests),
  }
}
