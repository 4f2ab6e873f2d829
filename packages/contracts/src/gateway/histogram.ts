/**
 * Latency histograms that can be added up. Buckets grow by a fixed ratio, so that a percentile read from them is within
 * 5 % of the true one, whatever the scale. Bucket 0 takes everything up to 0.1 ms.
 */
const firstMs = 0.1
const ratio = 1.1
const logRatio = Math.log(ratio)
/** About an hour. */
export const bucketMax = Math.ceil(Math.log(3_600_000 / firstMs) / logRatio)

/** The bucket of a duration in milliseconds. */
export function bucketOf(durationMs: number): number {
  if (!(durationMs > firstMs)) return 0
  return Math.min(bucketMax, Math.ceil(Math.log(durationMs / firstMs) / logRatio))
}

/** The middle of a bucket, in milliseconds. */
export function bucketMs(bucket: number): number {
  return bucket === 0 ? firstMs : (firstMs * (ratio ** (bucket - 1) + ratio ** bucket)) / 2
}

/** The value below which this share (0 to 1) of all counted durations lie, in milliseconds; null when none was counted. */
export function percentileMs(
  counts: Iterable<readonly [bucket: number, count: number]>,
  share: number,
): number | null {
  const sorted = [...counts].sort(([left], [right]) => left - right)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(share * total))
  let seen = 0
  for (const [bucket, count] of sorted) {
    seen += count
    if (seen >= rank) return bucketMs(bucket)
  }
  return null
}
