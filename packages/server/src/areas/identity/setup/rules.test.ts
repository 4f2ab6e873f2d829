import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  codeOf,
  currentStep,
  isFromElsewhere,
  isLoopback,
  isReached,
  isReachedFromElsewhere,
  normaliseCode,
} from './rules.ts'

describe('the rules of the first run', () => {
  it('a code survives being typed in lower case, with other separators, and with look-alike letters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const code = codeOf(bytes)
        expect(normaliseCode(code)).toBe(code)
        expect(normaliseCode(code.toLowerCase().replaceAll('-', ' '))).toBe(code)
        expect(normaliseCode(code.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('-', ''))).toBe(code)
      }),
    )
  })

  it('the next step is the first that is missing', () => {
    const nothing = { initialised: false, account: null, place: null, purpose: null }
    expect(currentStep(nothing)).toBe('account')
    expect(currentStep({ ...nothing, account: {} })).toBe('place')
    expect(currentStep({ ...nothing, account: {}, place: {} })).toBe('purpose')
    expect(currentStep({ ...nothing, account: {}, place: {}, purpose: {} })).toBe('done')
    expect(currentStep({ ...nothing, initialised: true })).toBe('done')
  })

  it('a step may be repeated but not brought forward', () => {
    expect(isReached('account', 'purpose')).toBe(true)
    expect(isReached('purpose', 'purpose')).toBe(true)
    expect(isReached('purpose', 'place')).toBe(false)
  })

  it('only loopback addresses count as this machine', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].every(isLoopback)).toBe(true)
    expect(
      ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'holdfast.example.com'].some(isLoopback),
    ).toBe(false)
  })

  it('a request that a proxy handed on, or that was sent to another name, may come from anywhere', () => {
    for (const host of ['localhost:3000', 'LOCALHOST', '127.0.0.1:3000', '[::1]:3000', '[::1]'])
      expect([host, isFromElsewhere({ host })]).toEqual([host, false])
    for (const host of [
      'example.com',
      '127.0.0.1.example.com:3000',
      '192.0.2.1:3000',
      '[2001:db8::1]:3000',
      '',
    ])
      expect([host, isFromElsewhere({ host })]).toEqual([host, true])
    expect(isFromElsewhere({})).toBe(true)
    for (const name of ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host'])
      expect([name, isFromElsewhere({ host: 'localhost', [name]: 'x' })]).toEqual([name, true])
  })

  it('a public address, a proxy or a wide bind means that the server is reached from elsewhere', () => {
    const here = { HOST: '127.0.0.1', HOLDFAST_TRUSTED_PROXIES: 0 }
    const at = (url: string) => ({ ...here, HOLDFAST_PUBLIC_URL: new URL(url) })
    expect([here, at('http://localhost:3000'), at('http://[::1]:3000')].map(isReachedFromElsewhere)).toEqual([
      false,
      false,
      false,
    ])
    expect(
      [
        { ...here, HOST: '0.0.0.0' },
        { ...here, HOLDFAST_TRUSTED_PROXIES: 1 },
        at('https://api.example.com'),
      ].map(isReachedFromElsewhere),
    ).toEqual([true, true, true])
  })
})
