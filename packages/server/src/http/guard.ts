import { scopesOpen } from '@holdfast/contracts/identity/token-scopes'
import { Id } from '@holdfast/contracts/kit/id'
import { problem } from '@holdfast/contracts/problems'
import { isMutation, type RouteShape } from '@holdfast/contracts/kit/route'
import type { Actor, UserActor } from '../context.ts'
import type { Credential, Csrf, OrganizationRole } from '../credential.ts'
import { actsAsAdmin, holds } from '../rights.ts'

export const sessionCookie = 'holdfast_session'

/** The one credential of a request: an Authorization header wins over a key, a key over the cookie. */
export function credentialOf(
  headers: Readonly<Record<string, unknown>>,
  cookies: Readonly<Record<string, string | undefined>>,
): Credential | null {
  const { authorization } = headers
  if (typeof authorization === 'string') {
    const [, scheme, token] = /^(Bearer|ApiKey) +(\S+)$/i.exec(authorization) ?? []
    if (scheme === undefined || token === undefined) return { kind: 'bearer', token: '' }
    return { kind: scheme.toLowerCase() === 'bearer' ? 'bearer' : 'api_key', token }
  }
  const key = headers['x-api-key']
  if (typeof key === 'string') return { kind: 'api_key', token: key }
  const cookie = cookies[sessionCookie]
  return cookie === undefined ? null : { kind: 'cookie', token: cookie }
}

/** Throws unless `actor` may call `route`. */
export function authorize(route: RouteShape, actor: Actor): void {
  const { access } = route
  if ('public' in access) return
  if (actor.kind !== 'user') throw problem('auth.required')
  if (actor.mustChangePassword && !route.openBeforePasswordChange)
    throw problem('auth.password_change_required')
  if ('signedIn' in access && !mayAsOneself(actor, route)) throw beyond(actor)
  if ('admin' in access && !actsAsAdmin(actor, route)) throw beyond(actor)
  if ('permission' in access) {
    const anyOf = typeof access.permission === 'string' ? [access.permission] : access.permission
    if (!anyOf.some((permission) => holds(actor, permission, route))) throw beyond(actor)
  }
}

/** Whether a route for everybody signed in is open to `actor`: to the token of a plugin, or with scopes, few are. */
function mayAsOneself({ token }: UserActor, route: RouteShape): boolean {
  if (token === undefined) return true
  return token.pluginId === undefined ? scopesOpen(token.scopes, route) : route.openToPlugins === true
}

function beyond({ token }: UserActor) {
  if (token === undefined) return problem('auth.forbidden')
  const sentence =
    'This token does not open this: its scopes do not name it, or its owner may not do it. Make one with the scope that does, or ask an administrator.'
  return problem('auth.forbidden', { sentence })
}

/**
 * The organization that `route` acts in, or null when it acts in none. Throws unless `actor` is a member of it, and one
 * who may; an organization that is not theirs does not exist for them.
 */
export async function enterOrganization(
  route: Pick<RouteShape, 'access' | 'id' | 'method'>,
  actor: Actor,
  params: unknown,
  roleIn: (userId: string, organizationId: string) => Promise<OrganizationRole | null>,
): Promise<string | null> {
  if (!('organization' in route.access)) return null
  if (actor.kind !== 'user') throw problem('auth.required')
  const id = Id.safeParse((params as Record<string, unknown>).tenantId)
  const role = id.success ? await roleIn(actor.userId, id.data) : null
  if (!id.success || role === null) throw problem('organizations.not_found')
  if (route.access.organization === 'admin' && role === 'member') throw problem('auth.forbidden')
  if (actor.token !== undefined && !scopesOpen(actor.token.scopes, route)) throw beyond(actor)
  return id.data.toLowerCase()
}

/** Paths whose mutations need no CSRF token: they carry a secret of their own, or there is no session yet. */
const csrfFree = ['/api/auth/', '/api/setup/', '/api/cells/peer-sync']

/** Throws when a browser's cookie alone would make a change through a route of the product. */
export function checkCsrf(
  route: Pick<RouteShape, 'method' | 'path'>,
  actor: Actor,
  header: unknown,
  csrf: Csrf,
): void {
  if (!isMutation(route.method) || csrfFree.some((prefix) => route.path.startsWith(prefix))) return
  checkCsrfToken(actor, header, csrf)
}

/** The same for any change, whatever its path. Bearer and key requests never need the token. */
export function checkCsrfToken(actor: Actor, header: unknown, csrf: Csrf): void {
  if (actor.kind !== 'user' || actor.via !== 'cookie') return
  if (typeof header !== 'string' || !csrf.matches(actor.sessionId, header)) throw problem('auth.csrf_invalid')
}
