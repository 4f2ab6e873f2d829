import { z } from 'zod'
import { route } from '../kit/route.ts'

/** A public Ed25519 key (RFC 8037 §2). */
const PublicKey = z
  .object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    kid: z.string(),
    alg: z.literal('EdDSA'),
    use: z.literal('sig'),
  })
  .meta({ id: 'PublicKey' })
export type PublicKey = z.output<typeof PublicKey>

export const jwks = route({
  id: 'auth.jwks',
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'The keys that verify access tokens offline (RFC 7517)',
  access: { public: 'public keys' },
  answers: { 200: z.object({ keys: z.array(PublicKey) }) },
})
