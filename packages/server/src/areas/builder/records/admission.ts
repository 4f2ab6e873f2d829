import { recordRoute, scopesGive } from '@holdfast/contracts/identity/token-scopes'
import type { Permission } from '@holdfast/contracts/permissions'
import { Problem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import type { Actor } from '../../../context.ts'
import type { EndpointHandlers, EndpointModel } from '../model.ts'
import type { Call } from './call.ts'
import type { Plan } from './plan.ts'
import type { CallWindows } from './windows.ts'

/** Who calls, as far as anybody had to know. */
export interface Viewer {
  actor: Actor
  groupIds: readonly string[]
}

/** Whoever must first choose a password of their own has the rights of no group until then. */
export function viewerOf(actor: Actor): Viewer {
  if (actor.kind !== 'user') return nobody
  return { actor, groupIds: actor.mustChangePassword ? [] : actor.groupIds }
}

const nobody: Viewer = { actor: { kind: 'anonymous' }, groupIds: [] }

/**
 * Network, credential, limit, access type, CSRF, in this order. Throws records.network_denied, request.limited,
 * auth.required, records.group_required, auth.csrf_invalid. A public endpoint whose fields are for everybody never looks
 * at a credential. `headers` receives what every answer says of a limit, a refusal too.
 */
export async function admit(
  plan: Plan,
  call: Call,
  windows: CallWindows,
  headers: string[],
): Promise<Viewer> {
  const { endpoint } = plan
  if (endpoint.network !== null && call.applyNetworkAccess) checkNetwork(endpoint.network, call)
  const actor = plan.needsActor ? await call.actor() : nobody.actor
  if (endpoint.rateLimit !== null)
    headers.push(...windows.take(endpoint, actor.kind === 'user' ? actor.userId : call.ip))
  const viewer = viewerOf(actor)
  checkAccess(plan, viewer)
  checkToken(plan, actor, call.method)
  if (call.method !== 'GET' && call.method !== 'HEAD') call.checkCsrf(actor)
  return viewer
}

/** Where a call comes from, as network rules look at it. */
export type CallSource = Pick<Call, 'ip' | 'header' | 'applyNetworkAccess'>

function checkNetwork(network: NonNullable<Plan['endpoint']['network']>, call: CallSource): void {
  const caller = {
    ip: call.ip,
    origin: call.header('origin'),
    referer: call.header('referer'),
    host: call.header('host'),
  }
  if (!network.allows(caller)) throw problem('records.network_denied')
}

/**
 * Whether the reader could as well GET the records of this endpoint as they are stored: network, access and token admit
 * them, and no code stands between the records and the answer.
 */
export function mayReadStored(endpoint: EndpointModel, viewer: Viewer, call: CallSource): boolean {
  const { handlers, network } = endpoint
  if (endpoint.method !== 'GET') return false
  if (handlers !== null && changesAnswers(handlers)) return false
  try {
    if (network !== null && call.applyNetworkAccess) checkNetwork(network, call)
    checkAccess({ endpoint }, viewer)
    checkToken({ endpoint }, viewer.actor, 'GET')
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** What runs afterwards cannot refuse or change anything. */
function changesAnswers({ javascript, pre, transform }: EndpointHandlers): boolean {
  return javascript !== null || pre.length > 0 || transform.length > 0
}

/** Whether the endpoint would admit this person, as far as can be told without a request. */
export function mayCall(endpoint: EndpointModel, actor: Actor): boolean {
  try {
    checkAccess({ endpoint }, viewerOf(actor))
    checkToken({ endpoint }, actor, endpoint.method)
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** Whether the endpoint is for this person. Throws auth.required, auth.password_change_required, records.group_required. */
export function checkAccess({ endpoint }: Pick<Plan, 'endpoint'>, { actor, groupIds }: Viewer): void {
  if (endpoint.accessType === 'public') return
  if (actor.kind !== 'user') throw problem('auth.required')
  if (actor.mustChangePassword) throw problem('auth.password_change_required')
  if (endpoint.accessType === 'group' && !endpoint.allowedGroupIds.some((id) => groupIds.includes(id))) {
    throw problem('records.group_required')
  }
}

const permissionOf: Record<string, Permission> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
}

/** A session may do with records what the endpoint admits; a token needs a scope for it as well. */
function checkToken({ endpoint }: Pick<Plan, 'endpoint'>, actor: Actor, method: string): void {
  if (actor.kind !== 'user' || actor.token === undefined || endpoint.accessType === 'public') return
  const { scopes } = actor.token
  if (!scopesGive(scopes, permissionOf[method] ?? 'view', recordRoute(method)))
    throw problem('auth.forbidden')
}
