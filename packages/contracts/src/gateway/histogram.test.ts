import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketOf, percentileMs } from './histogram.ts'

const counted = (durations: readonly number[]) => {
  const counts = new Map<number, number>()
  for (const duration of durations) counts.set(bucketOf(duration), (counts.get(bucketOf(duration)) ?? 0) + 1)
  return counts
}
const durations = fc.array(fc.double({ min: 0.1, max: 600_000, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
})

describe('latency histogram', () => {
  it('a percentile is within 5 % of the true one', () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99), (values, share) => {
        const truth = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1] ?? 0
        expect(Math.abs((percentileMs(counted(values), share) ?? 0) - truth) / truth).toBeLessThanOrEqual(
          0.05,
        )
      }),
    )
  })

  it('the percentile of added histograms is that of all durations together', () => {
    fc.assert(
      fc.property(durations, durations, (left, right) => {
        const added = counted(left)
        for (const [bucket, count] of counted(right)) added.set(bucket, (added.get(bucket) ?? 0) + count)
        expect(percentileMs(added, 0.95)).toBe(percentileMs(counted([...left, ...right]), 0.95))
      }),
    )
  })

  it('nothing counted has no percentile', () => {
    expect(percentileMs([], 0.5)).toBeNull()
  })
})
