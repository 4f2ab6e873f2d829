import type { MetricsPeriod, MetricsSnapshot } from '@holdfast/contracts/gateway/analytics'

/** One point of the charts; a snapshot, or a gap in which nothing was reported. */
export type MetricsPoint = Pick<MetricsSnapshot, 'rps' | 'p50Ms' | 'p95Ms' | 'p99Ms' | 'errorRate'> | null

interface MetricsPoints {
  /** Unix seconds, ascending. */
  times: number[]
  points: MetricsPoint[]
}

const lengths: Record<MetricsPeriod, { periodSeconds: number; slotSeconds: number }> = {
  '1h': { periodSeconds: 3_600, slotSeconds: 10 },
  '24h': { periodSeconds: 86_400, slotSeconds: 60 },
  '7d': { periodSeconds: 604_800, slotSeconds: 3_600 },
}

/**
 * The snapshots on the whole period's axis, with a gap wherever slots are missing: the server leaves out what nobody
 * reported, and a line drawn across would claim traffic that was not there. Empty stays empty.
 */
export function metricsPoints(
  snapshots: readonly MetricsSnapshot[],
  period: MetricsPeriod,
  nowMs: number,
): MetricsPoints {
  const made: MetricsPoints = { times: [], points: [] }
  if (snapshots.length === 0) return made
  const { periodSeconds, slotSeconds } = lengths[period]
  const now = Math.floor(nowMs / 1_000)
  const add = (time: number, point: MetricsPoint) => {
    made.times.push(time)
    made.points.push(point)
  }
  let last = now - periodSeconds
  for (const snapshot of snapshots) {
    const time = Math.floor(Date.parse(snapshot.timestamp) / 1_000)
    if (time - last > slotSeconds) add(last, null)
    if (time - last > 2 * slotSeconds) add(time - slotSeconds, null)
    if (made.times.at(-1) === time) continue
    add(time, snapshot)
    last = time + slotSeconds / 2
  }
  if (now - last > slotSeconds) {
    add(last, null)
    add(now, null)
  }
  return made
}
