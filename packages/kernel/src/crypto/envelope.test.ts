import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEnvelope, deriveKey, type MasterKey, SealedValueError } from './envelope.ts'

const key = (id: string): MasterKey => ({ id, key: randomBytes(32) })
const older = key('older')
const newer = key('newer')

describe('envelope', () => {
  const envelope = createEnvelope([older])

  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (plaintext, purpose) => {
        expect(envelope.open(envelope.seal(plaintext, purpose), purpose)).toBe(plaintext)
      }),
    )
  })

  it('the same value never looks the same twice', () => {
    expect(envelope.seal('value', 'purpose')).not.toBe(envelope.seal('value', 'purpose'))
  })

  it('a value moved to another purpose does not open', () => {
    const sealed = envelope.seal('value', 'smtp.password')
    expect(() => envelope.open(sealed, 'oauth.secret')).toThrow(SealedValueError)
  })

  it('a changed or shortened value does not open, wherever it was touched', () => {
    const sealed = envelope.seal('a value of some length', 'purpose')
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.boolean(), (position, cut) => {
        const replacement = sealed[position] === 'A' ? 'Q' : 'A'
        const damaged = cut
          ? sealed.slice(0, position)
          : sealed.slice(0, position) + replacement + sealed.slice(position + 1)
        // The last character of base64url may carry bits that mean nothing.
        fc.pre(canonical(damaged) !== canonical(sealed))
        expect(() => envelope.open(damaged, 'purpose')).toThrow(SealedValueError)
      }),
      { numRuns: 300 },
    )
  })

  it('a value of a key that is not configured says which one to add', () => {
    const sealed = createEnvelope([newer]).seal('value', 'purpose')
    expect(() => envelope.open(sealed, 'purpose')).toThrow(/newer.*HOLDFAST_MASTER_KEY/)
  })

  it.each(['', 'plain text', 'hf2.older.AAAA.AAAA', 'hf1.older.AAAA', 'hf1.older.AAAA.AAAA.AAAA'])(
    'text that is not a sealed value is refused: %j',
    (text) => {
      expect(() => envelope.open(text, 'purpose')).toThrow(SealedValueError)
    },
  )
})

describe('master key rotation', () => {
  const before = createEnvelope([older])
  const during = createEnvelope([newer, older])
  const after = createEnvelope([newer])

  it('old values stay readable and new ones use the new key', () => {
    const old = before.seal('value', 'purpose')
    expect(during.open(old, 'purpose')).toBe('value')
    expect(after.open(during.seal('fresh', 'purpose'), 'purpose')).toBe('fresh')
  })

  it('a rewrapped value opens without the old key', () => {
    const old = before.seal('value', 'purpose')
    expect(during.needsRewrap(old)).toBe(true)
    const rewrapped = during.rewrap(old, 'purpose')
    expect(during.needsRewrap(rewrapped)).toBe(false)
    expect(after.open(rewrapped, 'purpose')).toBe('value')
    expect(during.rewrap(rewrapped, 'purpose')).toBe(rewrapped)
  })

  it('rewrapping does not lend a value another purpose', () => {
    expect(() => during.rewrap(before.seal('value', 'one'), 'two')).toThrow(SealedValueError)
  })
})

describe('derived keys', () => {
  it('differ by use and by master key, and are stable', () => {
    expect(deriveKey(older, 'csrf')).toEqual(deriveKey(older, 'csrf'))
    expect(deriveKey(older, 'csrf')).not.toEqual(deriveKey(older, 'cursor'))
    expect(deriveKey(older, 'csrf')).not.toEqual(deriveKey(newer, 'csrf'))
  })
})

/** The bytes a sealed text stands for. */
function canonical(sealed: string): string {
  return sealed
    .split('.')
    .map((part, index) => (index < 2 ? part : Buffer.from(part, 'base64url').toString('hex')))
    .join('.')
}
