import { describe, expect, it } from 'vitest'
import { hashToken, issueToken, tokenMatches, tokenPrefix } from './token.ts'

describe('tokens', () => {
  it('a token matches its own hash and no other', () => {
    const one = issueToken('hft')
    const two = issueToken('hft')
    expect(tokenMatches(one.token, one.hash)).toBe(true)
    expect(tokenMatches(two.token, one.hash)).toBe(false)
    expect(tokenMatches(one.token, one.hash.subarray(1))).toBe(false)
  })

  it('says by its label what leaked, and holds 256 random bits', () => {
    expect(issueToken('hft').token).toMatch(/^hft_[\w-]{43}$/)
  })

  it('its prefix finds it and reveals little of it', () => {
    const { token, prefix } = issueToken('hft')
    expect(tokenPrefix(token)).toBe(prefix)
    expect(token.startsWith(prefix)).toBe(true)
    expect(prefix).toHaveLength('hft_'.length + 12)
  })

  it('what is stored is SHA-256 of the whole token', () => {
    const { token, hash } = issueToken('hft')
    expect(hash).toEqual(hashToken(token))
    expect(hash).toHaveLength(32)
  })
})
