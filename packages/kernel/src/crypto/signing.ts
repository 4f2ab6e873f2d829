import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** An Ed25519 key (RFC 8032) that signs, and who it is. */
export interface Signer {
  /** First 16 hexadecimal characters of the SHA-256 of the public key. */
  keyId: string
  /** SubjectPublicKeyInfo in PEM. */
  publicKey: string
  /** Base64. */
  sign(text: string): string
}

/** What stands before the seed in PKCS #8 (RFC 8410 §7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Throws with a sentence unless `text` is base64 of exactly 32 bytes. */
export function parseSigningSeed(text: string): Buffer {
  const seed = Buffer.from(text.trim(), 'base64')
  if (seed.length !== 32)
    throw new Error('A signing key must be base64 of 32 random bytes. Make one with: openssl rand -base64 32')
  return seed
}

export function createSigner(seed: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key)
  return {
    keyId: keyIdOf(publicKey),
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  }
}

/** Tells whether `signature` is that of `text` by the key in this PEM. False for what is no signature. */
export function verifySignature(publicKeyPem: string, text: string, signature: string): boolean {
  return verify(null, Buffer.from(text), publicKeyPem, Buffer.from(signature, 'base64'))
}

/** The id of a public key in PEM. Throws when it is none. */
export function publicKeyId(publicKeyPem: string): string {
  return keyIdOf(createPublicKey(publicKeyPem))
}

function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ format: 'der', type: 'spki' })
  return createHash('sha256').update(der).digest('hex').slice(0, 16)
}
