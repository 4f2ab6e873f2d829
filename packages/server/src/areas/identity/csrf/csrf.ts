import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey, type MasterKey } from '@holdfast/kernel/crypto/envelope'
import type { Csrf } from '../../../credential.ts'

/**
 * CSRF tokens: an HMAC of the session id (OWASP: signed double submit, bound to the session). Nothing is stored; the
 * token ends with its session, and one of another session does not match. Every configured master key is accepted, so
 * that a rotation does not interrupt anybody.
 */
export function createCsrf(masterKeys: readonly [MasterKey, ...MasterKey[]]): Csrf {
  const keys = masterKeys.map((master) => deriveKey(master, 'csrf'))
  const tokenOf = (key: Buffer | undefined, sessionId: string | null) =>
    createHmac('sha256', key ?? Buffer.alloc(0))
      .update(sessionId ?? 'nobody')
      .digest('base64url')
  return {
    issue: (sessionId) => tokenOf(keys[0], sessionId),
    matches(sessionId, token) {
      if (sessionId === null) return false
      const given = Buffer.from(token)
      return keys.some((key) => {
        const expected = Buffer.from(tokenOf(key, sessionId))
        return expected.length === given.length && timingSafeEqual(expected, given)
      })
    },
  }
}
