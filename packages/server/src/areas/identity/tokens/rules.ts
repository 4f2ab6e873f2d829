import {
  adminScopesOf,
  isUnrestricted,
  permissionsOfScopes,
  recordRoute,
  scopesGive,
  scopesOpen,
} from '@holdfast/contracts/identity/token-scopes'
import { permissionNames } from '@holdfast/contracts/permissions'
import { allRoutes } from '@holdfast/contracts/routes'
import type { UserActor } from '../../../context.ts'

/** A token as somebody wants it. */
export interface WantedToken {
  scopes: readonly string[]
  expiresAt: Date | null
  allowedAddresses: readonly string[]
}

/**
 * Whether `actor` may make such a token. Nobody gives rights that they do not have; and a token makes none that lives
 * longer, or works from more addresses, than itself.
 */
export function mayMake(actor: UserActor, wanted: WantedToken): boolean {
  const { token } = actor
  const actsFully = token === undefined || isUnrestricted(token.scopes)
  if (isUnrestricted(wanted.scopes)) {
    if (!actsFully) return false
  } else {
    const beyond = [...permissionsOfScopes(wanted.scopes)].filter((name) => !actor.permissions.has(name))
    if (beyond.length > 0) return false
    if (!actsFully && !reachesAll(token.scopes, wanted.scopes)) return false
    if (actsFully && !actor.isAdmin && adminScopesOf(wanted.scopes).length > 0) return false
  }
  if (token === undefined) return true
  const endsMs = token.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(token.expiresAt)
  if ((wanted.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) > endsMs) return false
  return (
    token.allowedAddresses.length === 0 ||
    (wanted.allowedAddresses.length > 0 &&
      wanted.allowedAddresses.every((address) => token.allowedAddresses.includes(address)))
  )
}

/** Whether `wanted` leads nowhere, and gives no permission anywhere, that `own` does not. */
function reachesAll(own: readonly string[], wanted: readonly string[]): boolean {
  return [...allRoutes, recordRoute('GET'), recordRoute('POST')].every(
    (route) =>
      (scopesOpen(own, route) || !scopesOpen(wanted, route)) &&
      permissionNames.every((name) => scopesGive(own, name, route) || !scopesGive(wanted, name, route)),
  )
}

/** When a token that was not used is called unused. */
export const unusedAfterMs = 30 * 24 * 3_600_000

/** Since when it has not been used: its last use, or its making. */
export function isUnused(token: { lastUsedAt: string | null; createdAt: string }, nowMs: number): boolean {
  return nowMs - Date.parse(token.lastUsedAt ?? token.createdAt) >= unusedAfterMs
}

/** The end of a rotated token: it lives as long again as it was given to live. */
export function expiryAfterRotation(
  { issuedAt, expiresAt }: { issuedAt: string; expiresAt: string | null },
  nowMs: number,
): Date | null {
  return expiresAt === null ? null : new Date(nowMs + Date.parse(expiresAt) - Date.parse(issuedAt))
}
