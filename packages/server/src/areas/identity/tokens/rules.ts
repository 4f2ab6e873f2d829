import {
  adminScopesOf,
  isUnrestricted,
  organizationScopesOf,
  permissionsOfScopes,
} from '@holdfast/contracts/identity/token-scopes'
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
    const special = [...adminScopesOf(wanted.scopes), ...organizationScopesOf(wanted.scopes)]
    if (!actsFully && special.some((scope) => !token.scopes.includes(scope))) return false
    // Without a permission of its own such a scope would be worth nothing to anybody else.
    if (actsFully && !actor.isAdmin && adminScopesOf(wanted.scopes).some(givesNothingElse)) return false
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

function givesNothingElse(scope: string): boolean {
  return permissionsOfScopes([scope]).size === 0
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
