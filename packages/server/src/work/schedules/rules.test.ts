import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideDue, lateMsMax, nextRun, scheduleFault } from './rules.ts'

const daily = { cron: '30 2 * * *', timeZone: 'Europe/Zurich', missed: 'skip' } as const

describe('schedules', () => {
  it('are computed in their own time zone, through daylight saving', () => {
    const winter = nextRun(daily, new Date('2026-03-27T12:00:00Z'))
    expect(winter?.toISOString()).toBe('2026-03-28T01:30:00.000Z')
    const summer = nextRun(daily, new Date('2026-03-30T12:00:00Z'))
    expect(summer?.toISOString()).toBe('2026-03-31T00:30:00.000Z')
  })

  it('say what is wrong with an expression or a zone', () => {
    expect(scheduleFault({ cron: '61 * * * *', timeZone: 'UTC' })).toMatch(/61/)
    expect(scheduleFault({ cron: '* * * * *', timeZone: 'Mars/Olympus' })).not.toBeNull()
    expect(scheduleFault({ cron: '*/5 * * * *', timeZone: 'UTC' })).toBeNull()
  })

  it('a missed run is skipped or made up for once, as its policy says', () => {
    const dueAt = new Date('2026-01-05T01:30:00Z')
    const daysLater = new Date('2026-01-08T12:00:00Z')
    const next = new Date('2026-01-09T01:30:00Z')
    expect(decideDue(daily, dueAt, daysLater)).toEqual({ run: false, next })
    expect(decideDue({ ...daily, missed: 'run_once' }, dueAt, daysLater)).toEqual({ run: true, next })
    expect(decideDue(daily, dueAt, new Date(dueAt.getTime() + lateMsMax)).run).toBe(true)
  })

  it('the next time always lies after now', () => {
    const times = fc.record({
      cron: fc.constantFrom('* * * * *', '17 * * * *', '0 0 1 * *', '*/10 * * * * *'),
      timeZone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu'),
      missed: fc.constantFrom('skip' as const, 'run_once' as const),
    })
    const instants = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(times, instants, fc.nat(1e9), (schedule, dueAt, lateMs) => {
        const now = new Date(dueAt.getTime() + lateMs)
        const { next } = decideDue(schedule, dueAt, now)
        expect(next?.getTime()).toBeGreaterThan(now.getTime())
      }),
    )
  })
})
