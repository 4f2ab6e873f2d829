import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSigner, parseSigningSeed, publicKeyId, verifySignature } from './signing.ts'

const signer = createSigner(Buffer.alloc(32, 1))

describe('signing', () => {
  it('what it signs verifies with the key it shows, also by somebody else, and nothing else does', () => {
    const signature = signer.sign('a head')
    expect(verifySignature(signer.publicKey, 'a head', signature)).toBe(true)
    expect(verify(null, Buffer.from('a head'), signer.publicKey, Buffer.from(signature, 'base64'))).toBe(true)
    expect(verifySignature(signer.publicKey, 'another head', signature)).toBe(false)
    expect(verifySignature(signer.publicKey, 'a head', 'nonsense')).toBe(false)
    const stranger = generateKeyPairSync('ed25519').privateKey
    const forged = sign(null, Buffer.from('a head'), stranger).toString('base64')
    expect(verifySignature(signer.publicKey, 'a head', forged)).toBe(false)
  })

  it('the same seed is the same key', () => {
    expect(createSigner(Buffer.alloc(32, 1)).keyId).toBe(signer.keyId)
    expect(publicKeyId(signer.publicKey)).toBe(signer.keyId)
    expect(createSigner(Buffer.alloc(32, 2)).keyId).not.toBe(signer.keyId)
  })

  it('a seed that is none is refused with a sentence', () => {
    expect(() => parseSigningSeed('short')).toThrow('openssl rand')
    expect(parseSigningSeed(`${Buffer.alloc(32).toString('base64')}\n`)).toHaveLength(32)
  })
})
