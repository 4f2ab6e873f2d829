import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRuns, lateMsMax, missedMax, nextTime, nextTimes, timesFault } from './rules.ts'

const zurich = { schedule: '30 2 * * *', timeZone: 'Europe/Zurich' }
const iso = (times: Date[]) => times.map((time) => time.toISOString())

describe('times of a cron job', () => {
  it('a time that daylight saving skips runs when the clock has jumped, once', () => {
    expect(iso(nextTimes(zurich, new Date('2026-03-28T00:00:00Z'), 3))).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
  })

  it('a time that daylight saving repeats runs the first time only', () => {
    expect(iso(nextTimes(zurich, new Date('2026-10-24T12:00:00Z'), 2))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
  })

  it('every hour is every hour, however the clock is set', () => {
    const hourly = { schedule: '0 * * * *', timeZone: 'Europe/Zurich' }
    const times = nextTimes(hourly, new Date('2026-10-24T22:30:00Z'), 6).map((time) => time.getTime())
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(Array(5).fill(3_600_000))
  })

  it.each(['* * * *', '* * * * * *', '@daily', '61 * * * *', 'every day at two o', '', '* * 32 * *'])(
    '"%s" is no schedule',
    (schedule) => expect(timesFault({ schedule, timeZone: 'UTC' })).toBe('schedule'),
  )

  it('a time zone that does not exist is told from a bad schedule', () => {
    expect(timesFault({ schedule: '* * * * *', timeZone: 'Mars/Olympus' })).toBe('time_zone')
    expect(timesFault(zurich)).toBeNull()
  })
})

describe('missed runs', () => {
  const hourly = { schedule: '0 * * * *', timeZone: 'UTC' }
  const dueAt = new Date('2026-01-05T01:00:00Z')
  const later = new Date('2026-01-05T05:20:00Z')
  const next = new Date('2026-01-05T06:00:00Z')

  it('are left out, made up for once, or all run, as the policy says', () => {
    expect(decideRuns({ ...hourly, missedRuns: 'skip' }, dueAt, later)).toEqual({ run: [], next })
    expect(iso(decideRuns({ ...hourly, missedRuns: 'once' }, dueAt, later).run)).toEqual([
      '2026-01-05T05:00:00.000Z',
    ])
    expect(iso(decideRuns({ ...hourly, missedRuns: 'all' }, dueAt, later).run)).toEqual(
      [1, 2, 3, 4, 5].map((hour) => `2026-01-05T0${hour}:00:00.000Z`),
    )
  })

  it('a run that is hardly late is not missed', () => {
    const at = new Date(dueAt.getTime() + lateMsMax)
    expect(decideRuns({ ...hourly, missedRuns: 'skip' }, dueAt, at).run).toEqual([dueAt])
  })

  it('the next time lies after now, and no more than the limit is made up for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 * 86_400 }),
        fc.constantFrom('skip' as const, 'once' as const, 'all' as const),
        fc.constantFrom('* * * * *', '*/7 3 * * *', '0 0 1 * *'),
        (restSeconds, missedRuns, schedule) => {
          const times = { schedule, timeZone: 'Europe/Zurich', missedRuns }
          const due = nextTime(times, dueAt) ?? dueAt
          const now = new Date(due.getTime() + restSeconds * 1_000)
          const decided = decideRuns(times, due, now)
          expect(Number(decided.next)).toBeGreaterThan(now.getTime())
          expect(decided.run.length).toBeLessThanOrEqual(missedRuns === 'all' ? missedMax : 1)
          for (const time of decided.run) expect(time >= due && time <= now).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})
