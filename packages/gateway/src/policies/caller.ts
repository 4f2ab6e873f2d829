import type { LimitKey } from '../limits/window-table.ts'
import type { Call } from '../proxy/call.ts'
import type { RefusalCode } from '../proxy/refusals.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import { keepPlatformCredentials, tokenShape } from './platform-credentials.ts'

/** Whom a request is counted for: a consumer, a member, or the address it came from. */
export interface Caller {
  limitKey: LimitKey
  /** Requests a minute; null: no limit. */
  perMinute: number | null
  isAddress: boolean
}

const bearer = /^bearer +([\x21-\x7e]+) *$/i
const consumerKeyPrefix = 'gw_'

/**
 * Who calls. A credential for the gateway is taken when it is one, also where none is asked for; a credential that is none
 * of ours belongs to the service and passes, unless the route asks for one; one of the platform passes to the platform
 * alone. Answers at once but for tokens not seen before.
 */
export function identify(
  context: ThreadContext,
  call: Call,
): Caller | RefusalCode | Promise<Caller | RefusalCode> {
  const { head, snapshot, route } = call
  const isRequired = route?.config.authRequired === true
  if (head.isAmbiguous && isRequired) return 'TOKEN_INVALID'
  const token = head.authorization === null ? null : (bearer.exec(head.authorization)?.[1] ?? null)
  // What goes to the control plane is judged there; until it has been, its bearer counts as anybody.
  const mustProve = keepPlatformCredentials(call) ? false : isRequired

  for (const key of [head.apiKey, token]) {
    if (key === null || (key === token && tokenShape.test(key))) continue
    const looksOurs = key.startsWith(consumerKeyPrefix)
    const consumer = looksOurs || isRequired ? context.consumerKeys.find(key, snapshot.consumersByHash) : null
    // Whatever looks like a key of ours stays here, good or not.
    if (looksOurs || consumer !== null) {
      if (key === head.apiKey) call.keepsApiKey = true
      if (key === token) call.keepsAuthorization = true
    }
    if (consumer === null) continue
    call.consumerId = consumer.id
    return { limitKey: consumer, perMinute: tierLimit(call, consumer.tier), isAddress: false }
  }
  if (token !== null && tokenShape.test(token)) {
    const nowMs = context.nowMs()
    const known = snapshot.tokens.known(token, nowMs)
    const judge = (verdict: NonNullable<typeof known>) => {
      if (typeof verdict === 'string') {
        if (verdict === 'expired' && isRequired) return 'TOKEN_EXPIRED'
        return mustProve ? 'TOKEN_INVALID' : anonymous(context, call)
      }
      const memberKey = snapshot.members.get(verdict.userId)
      if (memberKey === undefined) return mustProve ? 'TOKEN_INVALID' : anonymous(context, call)
      call.userId = verdict.userId
      call.credentialEndsMs = performance.now() + verdict.expiresMs - context.nowMs()
      return { limitKey: memberKey, perMinute: tierLimit(call, 'authenticated'), isAddress: false }
    }
    return known === null ? snapshot.tokens.verify(token, nowMs).then(judge) : judge(known)
  }
  return mustProve ? 'TOKEN_INVALID' : anonymous(context, call)
}

export function anonymous(context: ThreadContext, { clientAddress, snapshot }: Call): Caller {
  return {
    limitKey: context.addressKey(clientAddress),
    perMinute: snapshot.settings?.anonymousPerMinute ?? null,
    isAddress: true,
  }
}

function tierLimit({ snapshot }: Call, tier: string): number | null {
  const tiers: Partial<Record<string, number | null>> = snapshot.settings?.tiers ?? {}
  return tiers[tier] ?? null
}
