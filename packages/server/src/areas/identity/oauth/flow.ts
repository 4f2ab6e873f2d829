import { z } from 'zod'
import { IdentityProvider } from '@holdfast/contracts/identity/oauth'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { CookieChange } from '../../../http/handle.ts'

/** Holds, sealed, what one round trip must remember: only the browser that began it can finish it. */
export const flowCookie = 'holdfast_oauth'

export const flowLifetimeMs = 10 * 60_000
const sealedFor = 'oauth flow'

const StoredFlow = z.object({
  provider: IdentityProvider,
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  redirectUri: z.string(),
  next: z.string(),
  /** Who wants to link an account, while signed in. */
  linkingUserId: z.string().nullable(),
  endsMs: z.number(),
})
export type StoredFlow = z.output<typeof StoredFlow>

export function flowCookieOf(flow: StoredFlow, envelope: Pick<Envelope, 'seal'>): CookieChange {
  const value = envelope.seal(JSON.stringify(flow), sealedFor)
  return { name: flowCookie, value, maxAgeSeconds: flowLifetimeMs / 1000 }
}

/** Null when it is absent, was changed, or is too old. */
export function readFlow(
  cookie: string | undefined,
  envelope: Pick<Envelope, 'open'>,
  clock: Clock,
): StoredFlow | null {
  if (cookie === undefined) return null
  try {
    const flow = StoredFlow.parse(JSON.parse(envelope.open(cookie, sealedFor)))
    return flow.endsMs > clock.nowMs() ? flow : null
  } catch {
    // Whatever is wrong with it, it is not a flow of ours.
    return null
  }
}
