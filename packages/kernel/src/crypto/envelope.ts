import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Secrets at rest: each value has its own data key, wrapped by a master key (AES-256-GCM twice).
 * Rotating the master key re-wraps data keys only, and old keys stay readable until `rewrap` has been everywhere.
 * Layout, base64url fields joined by dots: `hf1.<master key id>.<wrapped data key>.<nonce + ciphertext + tag>`.
 */
export interface Envelope {
  /** `purpose` is bound to the value: a ciphertext moved to another column does not open. */
  seal(plaintext: string, purpose: string): string
  open(sealed: string, purpose: string): string
  /** The same value under the current master key; unchanged when it already is. */
  rewrap(sealed: string, purpose: string): string
  needsRewrap(sealed: string): boolean
}

export interface MasterKey {
  /** Short public name, stored beside each value. */
  id: string
  key: Buffer
}

export class SealedValueError extends Error {
  override readonly name = 'SealedValueError'
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** `keys[0]` seals; all of them open. */
export function createEnvelope(keys: readonly [MasterKey, ...MasterKey[]]): Envelope {
  const current = keys[0]
  const byId = new Map(keys.map((key) => [key.id, key]))

  function parse(sealed: string) {
    const [version, keyId, wrapped, body, ...rest] = sealed.split('.')
    if (version !== 'hf1' || !keyId || !wrapped || !body || rest.length > 0) {
      throw new SealedValueError('This is not a sealed value.')
    }
    const master = byId.get(keyId)
    if (master === undefined) {
      throw new SealedValueError(
        `This value was sealed with master key ${keyId}, which is not configured. Add that key to HOLDFAST_MASTER_KEY.`,
      )
    }
    return { keyId, master, wrapped: Buffer.from(wrapped, 'base64url'), body: Buffer.from(body, 'base64url') }
  }

  return {
    seal(plaintext, purpose) {
      const dataKey = randomBytes(32)
      const body = encrypt(dataKey, Buffer.from(plaintext, 'utf8'), purpose)
      return format(current, encrypt(current.key, dataKey, purpose), body)
    },
    open(sealed, purpose) {
      const { master, wrapped, body } = parse(sealed)
      return decrypt(decrypt(master.key, wrapped, purpose), body, purpose).toString('utf8')
    },
    rewrap(sealed, purpose) {
      const { keyId, master, wrapped, body } = parse(sealed)
      if (keyId === current.id) return sealed
      return format(current, encrypt(current.key, decrypt(master.key, wrapped, purpose), purpose), body)
    },
    needsRewrap: (sealed) => parse(sealed).keyId !== current.id,
  }
}

/** A key for one use (CSRF, say) derived from the master key: HKDF-SHA256 (RFC 5869). */
export function deriveKey(master: MasterKey, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master.key, 'holdfast', use, 32))
}

function format(master: MasterKey, wrapped: Buffer, body: Buffer): string {
  return `hf1.${master.id}.${wrapped.toString('base64url')}.${body.toString('base64url')}`
}

function encrypt(key: Buffer, plaintext: Buffer, purpose: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce)
  cipher.setAAD(Buffer.from(purpose, 'utf8'))
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer, purpose: string): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw new SealedValueError('This sealed value is cut short.')
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(purpose, 'utf8'))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
  } catch (cause) {
    throw new SealedValueError('This sealed value was changed, or belongs somewhere else.', { cause })
  }
}
