import { createHash } from 'node:crypto'

/**
 * The digest of a set, kept up to date by adding and removing members: the sum of their SHA-256 modulo 2^256. Two sides
 * that made the same changes in any order hold the same digest. It finds faults, not forgers: whoever may choose members
 * freely can make two sets collide.
 */
export type SetDigest = bigint

export const emptySetDigest: SetDigest = 0n
const modulus = 1n << 256n

function memberDigest(parts: readonly string[]): bigint {
  return BigInt(`0x${createHash('sha256').update(parts.join('\0')).digest('hex')}`)
}

/** The digest with this member in it; its parts must not hold NUL. */
export function withMember(digest: SetDigest, parts: readonly string[]): SetDigest {
  return (digest + memberDigest(parts)) % modulus
}

/** The digest without this member, which must have been added before. */
export function withoutMember(digest: SetDigest, parts: readonly string[]): SetDigest {
  return (digest - memberDigest(parts) + modulus) % modulus
}

/** 64 hexadecimal characters. */
export function setDigestText(digest: SetDigest): string {
  return digest.toString(16).padStart(64, '0')
}

export function parseSetDigest(text: string): SetDigest {
  return BigInt(`0x${text}`)
}
