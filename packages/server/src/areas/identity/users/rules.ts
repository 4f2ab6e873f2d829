import { updateUser, type User, type UserStatus } from '@holdfast/contracts/identity/users'
import type { Permission } from '@holdfast/contracts/permissions'
import type { Account } from '@holdfast/contracts/identity/auth-v1'
import type { Actor, Context } from '../../../context.ts'
import { holds } from '../../../rights.ts'
import { systemGroupIds } from '../groups/rules.ts'

/** What a user, or a group that is to be given, allows. */
export interface Rights {
  groupIds: readonly string[]
  permissions: ReadonlySet<string>
}

export type Role = 'admin' | 'peer' | 'user'

/** The word of references 001 and 003 for what somebody is. */
export function roleOf(groupIds: readonly string[]): Role {
  if (groupIds.includes(systemGroupIds.superAdmin) || groupIds.includes(systemGroupIds.admin)) return 'admin'
  return groupIds.length > 0 && groupIds.every((id) => id === systemGroupIds.peer) ? 'peer' : 'user'
}

/** Super Admin above Admin above everybody else. */
function rank(groupIds: readonly string[]): number {
  if (groupIds.includes(systemGroupIds.superAdmin)) return 2
  return groupIds.includes(systemGroupIds.admin) ? 1 : 0
}

/**
 * Whether `actor` may give, take or touch these rights: only who holds them may. Otherwise somebody with
 * `manage_users` could make themselves administrator, or set an administrator's password and sign in with it.
 */
export function mayManage(actor: Actor, rights: Rights): boolean {
  if (actor.kind === 'system') return true
  if (actor.kind !== 'user') return false
  if (rank(rights.groupIds) > rank(actor.groupIds)) return false
  return (
    rank(actor.groupIds) > 0 ||
    [...rights.permissions].every((permission) => holds(actor, permission as Permission, updateUser))
  )
}

/** Administrators need longer passwords. */
export function passwordLengthMin(groupIds: readonly string[]): number {
  return rank(groupIds) > 0 ? 10 : 8
}

/** What a change of login and e-mail leads to. A login that was the old address follows the new one. */
export function namesAfter(
  before: { login: string; email: string | null },
  change: { login?: string | undefined; email?: string | null | undefined },
): { login: string; email: string | null } {
  const email = change.email === undefined ? before.email : change.email
  const follows = before.login === before.email && email !== null
  const login = change.login ?? (follows ? email : before.login)
  // A login that is an address is that person's address.
  return { login, email: email ?? (login.includes('@') && change.email === undefined ? login : null) }
}

/** A login with an @ must be the user's own e-mail, so that nobody can sign in under somebody else's. */
export function isOwnName({ login, email }: { login: string; email: string | null }): boolean {
  return !login.includes('@') || login === email
}

/** A password makes an invited user active, unless something else was asked for. */
export function statusAfter(
  before: UserStatus,
  asked: UserStatus | undefined,
  givesPassword: boolean,
): UserStatus {
  const status = asked ?? before
  return givesPassword && status === 'invited' ? 'active' : status
}

/** The properties that differ, for the audit entry. */
export function changedProperties(before: User, after: User): string[] {
  const names = ['login', 'email', 'name', 'status', 'groupIds'] as const
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}

/** Reference 004's view of a user. */
export function accountOf(user: User, organizationId: string): Account {
  const { id, login, email, name, status, createdAt } = user
  const role = roleOf(user.groupIds.map((group) => group.id)) === 'admin' ? 'admin' : 'user'
  return { id, login, email, name, status, role, organization_id: organizationId, created_at: createdAt }
}

/** For the audit entry of somebody who proves who they are with this very request, and came without a session. */
export function actingAs<C extends Context>(
  ctx: C,
  who: { userId: string; login: string; sessionId?: string },
): C {
  const rights = { groupIds: [], permissions: new Set<Permission>(), isAdmin: false }
  return { ...ctx, actor: { kind: 'user', sessionId: null, via: 'bearer', ...rights, ...who } }
}
