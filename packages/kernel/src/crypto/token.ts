import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A random token as it is shown once, with what is stored of it. */
export interface IssuedToken {
  token: string
  /** First characters, stored in clear and indexed: finds the row without revealing the token. */
  prefix: string
  /** SHA-256 of the whole token. 256 random bits need no slow hash. */
  hash: Buffer
}

const lookupLength = 12

/** Makes `<label>_<43 characters of base64url>`; the label tells people and scanners what leaked. */
export function issueToken(label: string): IssuedToken {
  const token = `${label}_${randomBytes(32).toString('base64url')}`
  return { token, prefix: tokenPrefix(token), hash: hashToken(token) }
}

/** The indexed part of a token: label and the first characters after it. */
export function tokenPrefix(token: string): string {
  const start = token.indexOf('_') + 1
  return token.slice(0, start + lookupLength)
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Compares in constant time whether `token` has this stored hash. */
export function tokenMatches(token: string, storedHash: Uint8Array): boolean {
  const hash = hashToken(token)
  return storedHash.length === hash.length && timingSafeEqual(hash, storedHash)
}
