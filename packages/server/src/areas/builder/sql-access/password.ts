import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const iterations = 4_096

/** A password that nobody has to remember. */
export function newPassword(): string {
  return randomBytes(24).toString('base64url')
}

/**
 * What PostgreSQL keeps of a password (RFC 5803, RFC 7677): sent instead of the password, so that no log of statements
 * shows it. `password` must be ASCII, which needs no SASLprep.
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64')
  const serverKey = keyed('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`
}
