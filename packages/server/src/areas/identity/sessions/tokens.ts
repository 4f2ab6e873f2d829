import type { Clock } from '@holdfast/kernel/clock'
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { type SigningKeys, signingAlgorithm } from '../signing-keys/service.ts'

/** What a token is for: 15-minute access, the seven-day token of reference 002, or the browser's cookie. */
export type TokenUse = 'access' | 'token' | 'cookie'

export interface TokenClaims {
  userId: string
  sessionId: string
  use: TokenUse
  expiresMs: number
}

export interface SessionTokens {
  /** A signed JWT (RFC 7519); permissions are never in it. */
  issue(claims: { userId: string; sessionId: string; use: TokenUse; lifetimeMs: number }): Promise<string>
  /** Whether its signature was checked before; costs nothing. */
  isVerified(token: string): boolean
  /** The claims of a token of ours that has not ended; null for anything else. */
  verify(token: string): Promise<TokenClaims | null>
}

const issuer = 'holdfast'
/** Longer than any token of ours: nothing longer is parsed. */
const tokenLengthMax = 2_000
const verifiedMax = 10_000
const uses: readonly string[] = ['access', 'token', 'cookie'] satisfies TokenUse[]

export function createSessionTokens({
  keys,
  clock,
}: {
  keys: Pick<SigningKeys, 'current' | 'find'>
  clock: Clock
}): SessionTokens {
  // A signature is checked once; what may change about a session is looked up elsewhere, at every request.
  const verified = new LRUCache<string, TokenClaims>({ max: verifiedMax })

  async function check(token: string): Promise<TokenClaims | null> {
    const { kid } = decodeProtectedHeader(token)
    const key = kid === undefined ? undefined : await keys.find(kid)
    if (key === undefined) return null
    const { payload } = await jwtVerify(token, key, {
      algorithms: [signingAlgorithm],
      issuer,
      currentDate: clock.now(),
      requiredClaims: ['sub', 'sid', 'use', 'exp'],
    })
    const { sub, sid, use, exp } = payload
    if (sub === undefined || typeof sid !== 'string' || typeof use !== 'string' || !uses.includes(use))
      return null
    return { userId: sub, sessionId: sid, use: use as TokenUse, expiresMs: (exp ?? 0) * 1000 }
  }

  return {
    async issue({ userId, sessionId, use, lifetimeMs }) {
      const { id, privateKey } = await keys.current()
      const nowSeconds = Math.floor(clock.nowMs() / 1000)
      return new SignJWT({ sid: sessionId, use })
        .setProtectedHeader({ alg: signingAlgorithm, kid: id, typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(userId)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + Math.floor(lifetimeMs / 1000))
        .sign(privateKey)
    },

    isVerified: (token) => verified.has(token),

    async verify(token) {
      if (token.length > tokenLengthMax) return null
      const known = verified.get(token)
      if (known !== undefined) {
        if (known.expiresMs > clock.nowMs()) return known
        verified.delete(token)
        return null
      }
      try {
        const claims = await check(token)
        if (claims !== null) verified.set(token, claims)
        return claims
      } catch (error) {
        // What jose refuses is a bad token; anything else (the database is away) is not the caller's fault.
        if (error instanceof errors.JOSEError || error instanceof TypeError) return null
        throw error
      }
    },
  }
}
