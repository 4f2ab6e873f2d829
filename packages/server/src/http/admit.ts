import type { Problem } from '@holdfast/contracts/kit/problem'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import { problem } from '@holdfast/contracts/problems'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Actor, Context, UserActor } from '../context.ts'
import type { Authenticate, Csrf, OrganizationRole } from '../credential.ts'
import { authorize, checkCsrf, credentialOf, enterOrganization } from './guard.ts'
import type { Caller, Limits } from './limits.ts'
import { addressOf } from './request-facts.ts'

/** What decides who comes in. */
export interface Doorkeepers {
  limits: Limits
  csrf: Csrf
  authenticate: Authenticate
  /** What somebody is in an organization; null when they are not in it. */
  roleIn: (userId: string, organizationId: string) => Promise<OrganizationRole | null>
  trustedProxies: number
}

/** Of the request; a Fastify request has it all. */
interface Arrival {
  id: string
  headers: IncomingHttpHeaders
  cookies: Readonly<Record<string, string | undefined>>
  params: unknown
  socket: { remoteAddress?: string | undefined }
}

/** Of its answer. */
interface Departure {
  headers(values: Record<string, number>): unknown
  raw: Pick<ServerResponse, 'once'>
}

/** Everything that happens before a byte of the body is read. `known` is told who asks, also when they are refused then. */
export async function admit(
  route: RouteShape,
  options: Doorkeepers,
  request: Arrival,
  reply: Departure,
  { stopping, known }: { stopping: AbortSignal; known: (actor: UserActor) => void },
): Promise<Context> {
  const ip = addressOf(request, options.trustedProxies)
  const credential = credentialOf(request.headers, request.cookies)
  const count = (caller: Caller) => takeLimit(route, options.limits, caller, reply)
  const identified =
    credential &&
    (await options.authenticate(credential, { ip }).catch((error: unknown) => {
      // Refused unseen, after too many that were worth nothing: this one counts as another request of that address.
      count({ address: ip })
      throw error
    }))
  const actor: Actor = identified ?? { kind: 'anonymous' }
  if (actor.kind === 'user') known(actor)
  const refusal = count(actor.kind === 'user' ? { userId: actor.userId } : { address: ip })
  if (refusal !== null) throw refusal
  authorize(route, actor)
  const organizationId = await enterOrganization(route, actor, request.params, options.roleIn)
  checkCsrf(route, actor, request.headers['x-csrf-token'], options.csrf)
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return {
    actor,
    organizationId,
    requestId: request.id,
    signal: AbortSignal.any([gone.signal, stopping]),
    ip,
    userAgent: request.headers['user-agent']?.slice(0, 512) ?? null,
    audit: { action: typeof route.audit === 'string' ? route.audit : null, appended: 0 },
  }
}

/** Counts the request and says so on the answer; answers the refusal when there were too many. */
function takeLimit(route: RouteShape, limits: Limits, caller: Caller, reply: Departure): Problem | null {
  const limit = limits.take(route.limit ?? 'standard', caller)
  if (limit === null) return null
  void reply.headers({
    'x-ratelimit-limit': limit.limit,
    'x-ratelimit-remaining': limit.remaining,
    'x-ratelimit-reset': limit.resetSeconds,
  })
  return limit.allowed ? null : problem('request.limited', { retryAfterSeconds: limit.resetSeconds })
}
