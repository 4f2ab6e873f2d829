import { createHash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

/** Time-based one-time passwords: RFC 6238 with SHA-1, six digits and steps of thirty seconds, as every app knows them. */
const digits = 6
const periodSeconds = 30
/** One step before and after: clocks differ, and people type slowly (RFC 6238 §5.2). */
const windowSteps = 1

function totpOf(secret: string, issuer: string, account: string): TOTP {
  return new TOTP({
    issuer,
    label: account,
    algorithm: 'SHA1',
    digits,
    period: periodSeconds,
    secret: Secret.fromBase32(secret),
  })
}

/** 160 random bits, as RFC 4226 §4 recommends, in Base32. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What an authenticator app reads from the QR code. */
export function otpauthUri(secret: string, issuer: string, account: string): string {
  return totpOf(secret, issuer, account).toString()
}

/** The time step a code is right for, or null. A step that was used once must not be accepted again (RFC 6238 §5.2). */
export function stepOf(secret: string, code: string, nowMs: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const delta = totpOf(secret, '', '').validate({ token: code, timestamp: nowMs, window: windowSteps })
  return delta === null ? null : Math.floor(nowMs / 1000 / periodSeconds) + delta
}

const recoveryCodes = 10
/** Without letters and digits that are taken for one another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Ten codes of fifty bits: enough against guesses that are counted. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodes }, () => `${word()}-${word()}`)
}

/** Each byte that would favor some letters is thrown away. */
function word(): string {
  const limit = 256 - (256 % alphabet.length)
  let letters = ''
  while (letters.length < 5) {
    for (const byte of randomBytes(16)) {
      if (byte < limit && letters.length < 5) letters += alphabet[byte % alphabet.length]
    }
  }
  return letters
}

/** However it was typed: with or without the dash, in capitals. */
export function recoveryCodeHash(code: string): Buffer {
  const plain = code.toLowerCase().replace(/[^a-z0-9]/g, '')
  return createHash('sha256').update(`recovery code ${plain}`).digest()
}
