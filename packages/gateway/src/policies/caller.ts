import type { LimitKey } from '../limits/window-table.ts'
import type { Call } from '../proxy/call.ts'
import type { RefusalCode } from '../proxy/refusals.ts'
import type { RequestHead } from '../proxy/request-head.ts'
import type { ThreadContext } from '../worker/thread-context.ts'

/** Whom a request is counted for: a consumer, a member, or the address it came from. */
export interface Caller {
  limitKey: LimitKey
  /** Requests a minute; null: no limit. */
  perMinute: number | null
  isAddress: boolean
}

const bearer = /^bearer +([\x21-\x7e]+) *$/i
const consumerKeyPrefix = 'gw_'
const apiToken = /^(?:dap|hft)_[\w-]{20,90}$/
const apiTokenHeader = /^(?:bearer|apikey) +(?:dap|hft)_[\w-]{20,90} *$/i
/** What a JSON Web Token looks like (RFC 7519): saves asking a signature of everything else. */
const tokenShape = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * Who calls. A credential for the gateway is taken when it is one, also where none is asked for; a credential that is none
 * of ours belongs to the service and passes, unless the route asks for one. Answers at once but for tokens not seen before.
 */
export function identify(
  context: ThreadContext,
  call: Call,
): Caller | RefusalCode | Promise<Caller | RefusalCode> {
  const { head, snapshot, route } = call
  const isRequired = route?.config.authRequired === true
  if (head.isAmbiguous && isRequired) return 'TOKEN_INVALID'
  const token = head.authorization === null ? null : (bearer.exec(head.authorization)?.[1] ?? null)

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
        return isRequired
          ? verdict === 'expired'
            ? 'TOKEN_EXPIRED'
            : 'TOKEN_INVALID'
          : anonymous(context, call)
      }
      const memberKey = snapshot.members.get(verdict.userId)
      if (memberKey === undefined) return isRequired ? 'TOKEN_INVALID' : anonymous(context, call)
      call.userId = verdict.userId
      // Whoever holds it could act on the platform as this person: no service but the platform may see it.
      call.keepsAuthorization = !leadsToPlatform(call)
      return { limitKey: memberKey, perMinute: tierLimit(call, 'authenticated'), isAddress: false }
    }
    return known === null ? snapshot.tokens.verify(token, nowMs).then(judge) : judge(known)
  }
  if (isRequired && leadsToPlatform(call) && carriesApiToken(head)) return anonymous(context, call)
  return isRequired ? 'TOKEN_INVALID' : anonymous(context, call)
}

/** Whether the request goes to the control plane, which judges its own credentials once more. */
function leadsToPlatform({ route, snapshot }: Call): boolean {
  return route !== null && snapshot.services.get(route.config.serviceId)?.config.isPlatform === true
}

/** An API token of the platform, which only the control plane can judge. Until it has, its bearer counts as anybody. */
function carriesApiToken({ authorization, apiKey }: RequestHead): boolean {
  return authorization === null
    ? apiKey !== null && apiToken.test(apiKey)
    : apiTokenHeader.test(authorization)
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
