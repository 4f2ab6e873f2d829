import { expect, test } from 'vitest'
import { hourlyCounts } from './hourly-counts.ts'

const nowMs = Date.parse('2026-03-01T12:30:00Z')

test('each of the last 24 hours has its place, and older ones have none', () => {
  const counts = hourlyCounts(
    [
      { timestamp: '2026-02-28T12:00:00Z', requests: 9 },
      { timestamp: '2026-02-28T13:00:00Z', requests: 1 },
      { timestamp: '2026-03-01T12:00:00Z', requests: 5 },
    ],
    nowMs,
  )
  expect(counts).toEqual([1, ...Array.from({ length: 22 }, () => 0), 5])
})
