import { expect, test } from 'vitest'
import { metricsPoints } from './metrics-points.ts'

const nowMs = Date.parse('2026-03-01T12:00:00Z')
const at = (secondsAgo: number) => ({
  timestamp: new Date(nowMs - secondsAgo * 1_000).toISOString(),
  requests: 10,
  refused: 0,
  rps: 1,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: 3,
  errorRate: 0,
})

test('slots that follow each other are one line, and a missing one is a gap', () => {
  const { times, points } = metricsPoints([at(100), at(90), at(50), at(40)], '1h', nowMs)
  const drawn = points.map((point) => (point === null ? '-' : 'x')).join('')
  expect(drawn).toMatch(/^-+xx-+xx-+$/)
  expect(times).toEqual(times.toSorted((left, right) => left - right))
  expect(new Set(times).size).toBe(times.length)
})

test('the axis spans the period, however little was reported', () => {
  const { times } = metricsPoints([at(1_800)], '1h', nowMs)
  expect(times[0]).toBe(nowMs / 1_000 - 3_600)
  expect(times.at(-1)).toBe(nowMs / 1_000)
})

test('nothing reported is nothing drawn', () => {
  expect(metricsPoints([], '7d', nowMs).times).toEqual([])
})
