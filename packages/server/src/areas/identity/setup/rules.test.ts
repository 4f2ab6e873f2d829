import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf, currentStep, isLoopback, isReached, normaliseCode } from './rules.ts'

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
})
