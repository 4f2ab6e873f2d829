import { type ScopedRoute, scopesGive, scopesOpen } from '@holdfast/contracts/identity/token-scopes'
import type { Permission } from '@holdfast/contracts/permissions'
import type { UserActor } from './context.ts'

/**
 * Whether `actor` has this permission for this route. A session has a permission for all routes; a token with scopes has
 * it only where they lead, so `actor.permissions` alone is never asked.
 */
export function holds(
  actor: UserActor,
  permission: Permission,
  route: Pick<ScopedRoute, 'id' | 'method'>,
): boolean {
  if (!actor.permissions.has(permission)) return false
  return actor.token === undefined || scopesGive(actor.token.scopes, permission, route)
}

/** Whether `actor` may do what administrators may on this route: a restricted token only where its scopes lead. */
export function actsAsAdmin(actor: UserActor, route: ScopedRoute): boolean {
  const { token } = actor
  return actor.isAdmin || (token !== undefined && token.ownerIsAdmin && scopesOpen(token.scopes, route))
}
