import { createTestClock } from '@holdfast/kernel/clock'
import { describe, expect, it } from 'vitest'
import { createLimits, type LimitRules } from './limits.ts'

function createHarness() {
  const clock = createTestClock()
  const rules: LimitRules = {
    principal: { requestsMax: 5, windowMs: 60_000 },
    address: { requestsMax: 2, windowMs: 60_000 },
    signIn: { requestsMax: 1, windowMs: 60_000 },
  }
  return { clock, rules, limits: createLimits(clock, () => rules) }
}

describe('rate limits', () => {
  it('the request after the last allowed one is refused until the window ends', () => {
    const { clock, limits } = createHarness()
    const caller = { address: '192.0.2.1' }
    const allowed = () => limits.take('standard', caller)?.allowed
    expect([allowed(), allowed(), allowed()]).toEqual([true, true, false])
    clock.advance(59_999)
    expect(allowed()).toBe(false)
    clock.advance(1)
    expect(allowed()).toBe(true)
  })

  it('one caller does not use up what another has', () => {
    const { limits } = createHarness()
    limits.take('signIn', { address: '192.0.2.1' })
    expect(limits.take('signIn', { address: '192.0.2.2' })?.allowed).toBe(true)
  })

  it('the addresses of one IPv6 network are one caller: whoever has one has all of them', () => {
    const { limits } = createHarness()
    limits.take('signIn', { address: '2001:db8:1:2::1' })
    expect(limits.take('signIn', { address: '2001:db8:1:2:ffff::2' })?.allowed).toBe(false)
    expect(limits.take('signIn', { address: '2001:db8:1:3::1' })?.allowed).toBe(true)
  })

  it('the state says what is left and when it starts anew', () => {
    const { clock, limits } = createHarness()
    limits.take('standard', { userId: 'ada' })
    clock.advance(20_500)
    expect(limits.take('standard', { userId: 'ada' })).toEqual({
      allowed: true,
      limit: 5,
      remaining: 3,
      resetSeconds: 40,
    })
  })

  it('a changed rule holds at once', () => {
    const { rules, limits } = createHarness()
    limits.take('standard', { address: '192.0.2.1' })
    rules.address = { requestsMax: 1, windowMs: 60_000 }
    expect(limits.take('standard', { address: '192.0.2.1' })?.allowed).toBe(false)
  })

  it('a route without a limit counts nothing', () => {
    const { limits } = createHarness()
    expect(limits.take('none', { address: '192.0.2.1' })).toBeNull()
  })
})
