import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import { LRUCache } from 'lru-cache'

export type TokenVerdict = { userId: string; expiresMs: number } | 'expired' | 'invalid'

/** Verifies access tokens of the platform without asking it: signature, issuer, use and end. */
export interface PlatformTokens {
  /** Answers at once when this token was verified before. */
  known(token: string, nowMs: number): TokenVerdict | null
  verify(token: string, nowMs: number): Promise<TokenVerdict>
  /** Whether it names a key of the platform, whatever it is for and whether or not it holds. */
  isOfPlatform(token: string): boolean
}

const issuer = 'holdfast'
const tokenLengthMax = 2_000
const verifiedMax = 10_000

/** Made anew when the keys change, so that a token of a key that is gone is not remembered. */
export function createPlatformTokens(jwks: JSONWebKeySet): PlatformTokens {
  const keys = createLocalJWKSet(jwks)
  const keyIds = new Set(jwks.keys.map(({ kid }) => kid))
  const verified = new LRUCache<string, { userId: string; expiresMs: number }>({ max: verifiedMax })
  return {
    known(token, nowMs) {
      const found = verified.get(token)
      if (found === undefined) return null
      return found.expiresMs > nowMs ? found : 'expired'
    },
    async verify(token, nowMs) {
      if (token.length > tokenLengthMax) return 'invalid'
      try {
        const { payload } = await jwtVerify(token, keys, {
          algorithms: ['EdDSA', 'Ed25519'],
          issuer,
          currentDate: new Date(nowMs),
          requiredClaims: ['sub', 'use', 'exp'],
        })
        if (payload.use !== 'access' || payload.sub === undefined) return 'invalid'
        const verdict = { userId: payload.sub, expiresMs: (payload.exp ?? 0) * 1000 }
        verified.set(token, verdict)
        return verdict
      } catch (error) {
        if (error instanceof errors.JWTExpired) return 'expired'
        if (error instanceof errors.JOSEError || error instanceof TypeError) return 'invalid'
        throw error
      }
    },
    isOfPlatform(token) {
      if (verified.has(token)) return true
      try {
        const { kid } = decodeProtectedHeader(token)
        // Before the keys are known the token itself is believed: it says that it is dangerous.
        return keyIds.size === 0 ? decodeJwt(token).iss === issuer : keyIds.has(kid)
      } catch {
        // Not a token at all: something of the service's own that looks like one.
        return false
      }
    },
  }
}
