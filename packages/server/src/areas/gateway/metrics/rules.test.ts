import { describe, expect, it } from 'vitest'
import { fullSlots, knownOf, type StoredMetrics } from './rules.ts'

const begin = Date.parse('2026-11-21T12:00:00.000Z')
const slotAt = (seconds: number, requests: number): StoredMetrics => ({
  at: new Date(begin + seconds * 1_000).toISOString(),
  requests,
  errors: 0,
  refused: 0,
  latency: {},
})

/** What is stored after `seconds` of a steady rate: by ten seconds, and by the minute that began at noon. */
function storedAfter(seconds: number, perSecond: number, reportedUntil: (seconds: number) => number) {
  const until = Math.min(60, reportedUntil(seconds))
  const fine = [0, 10, 20, 30, 40, 50].flatMap((from) =>
    until > from ? [slotAt(from, Math.min(10, until - from) * perSecond)] : [],
  )
  return { minute: slotAt(0, until * perSecond), fine }
}

describe('the rate of a slot that still runs', () => {
  it.each([
    ['when it is over', (seconds: number) => Math.floor((seconds - 1) / 10) * 10],
    ['twice a second', (seconds: number) => Math.max(0, seconds - 0.7)],
  ])('is steady under a steady load, when ten seconds are reported %s', (_title, reportedUntil) => {
    for (let seconds = 12; seconds < 75; seconds += 0.5) {
      const { minute, fine } = storedAfter(seconds, 100, reportedUntil)
      const { requests, seconds: took } = knownOf(minute, 60, fine, begin + seconds * 1_000)
      expect(requests / took, `after ${seconds} seconds`).toBeCloseTo(100)
    }
  })

  it('falls when nothing comes any more', () => {
    const { minute, fine } = storedAfter(11, 100, () => 10)
    const { requests, seconds } = knownOf(minute, 60, fine, begin + 42_000)
    expect(requests / seconds).toBe(25)
  })

  it('ten seconds are shown once every gateway can have reported them', () => {
    const slots = [slotAt(0, 1), slotAt(10, 1)]
    expect(fullSlots(slots, begin + 21_999)).toEqual(slots.slice(0, 1))
    expect(fullSlots(slots, begin + 22_000)).toEqual(slots)
  })
})
