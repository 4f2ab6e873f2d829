import { describe, expect, it } from 'vitest'
import { createTestClock, systemClock } from './clock.ts'

describe('the test clock', () => {
  it('stands still until it is moved', () => {
    const clock = createTestClock('2026-03-01T00:00:00.000Z')
    expect(clock.nowMs()).toBe(clock.nowMs())
    clock.advance(1_500)
    expect(clock.now().toISOString()).toBe('2026-03-01T00:00:01.500Z')
  })

  it('runs what falls due in order of time, each at its own time', () => {
    const clock = createTestClock('2026-01-01T00:00:00.000Z')
    const ran: string[] = []
    const note = (name: string) => () => ran.push(`${name}@${clock.now().toISOString().slice(17, 19)}`)
    clock.after(3_000, note('late'))
    clock.after(1_000, () => {
      note('early')()
      clock.after(1_000, note('made by early'))
    })
    clock.after(60_000, note('not yet'))
    clock.advance(5_000)
    expect(ran).toEqual(['early@01', 'made by early@02', 'late@03'])
  })

  it('a cancelled timer never runs', () => {
    const clock = createTestClock()
    let ran = false
    clock.after(10, () => (ran = true))()
    clock.advance(1_000)
    expect(ran).toBe(false)
  })
})

describe('the system clock', () => {
  it('tells the time of this machine', () => {
    const before = Date.now()
    const now = systemClock.nowMs()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(now)
  })

  it('runs work after its delay, and not when it was cancelled', async () => {
    const ran: string[] = []
    const cancel = systemClock.after(1, () => ran.push('cancelled'))
    cancel()
    await new Promise<void>((resolve) => {
      // The timer does not keep the process alive, so the test holds on to it by awaiting.
      systemClock.after(5, () => resolve())
    })
    expect(ran).toEqual([])
  })
})
