import type { User, UserBody, UserChange, UserStatus } from '@holdfast/contracts/identity/users'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Access } from '../access/service.ts'
import type { GroupGiving } from '../groups/giving.ts'
import { effectivePermissions, systemGroupIds } from '../groups/rules.ts'
import type { Lockout } from '../lockout/service.ts'
import type { Organizations } from '../organizations/service.ts'
import type { PasswordTokens } from '../passwords/tokens.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { Sessions } from '../sessions/service.ts'
import type { UserRowChange, UsersRepo } from './repo.ts'
import { checkNames, checkPassword, invalidField, nameConflicts } from './checks.ts'
import { createUserLists, type UserLists } from './lists.ts'
import { changedProperties, mayManage, namesAfter, statusAfter } from './rules.ts'

/**
 * Users: everybody who can sign in. References 001 and 003 call the login a username.
 *
 * States: invited (no password yet) -> active <-> inactive, suspended. Only active users sign in; leaving `active`
 * ends every session. Invariants: login and e-mail are unique and no login is somebody else's e-mail; there is always
 * an active Super Admin; nobody manages rights they do not hold, nor deletes or suspends themselves.
 * Events: user.created, user.updated, user.deleted.
 */
export interface Users extends UserLists {
  /** Throws users.not_found. */
  get(ctx: Context, id: string): Promise<User>
  /** Throws users.login_taken, users.email_taken, groups.beyond_own_rights. */
  create(ctx: Context, body: UserBody): Promise<{ user: User; setPasswordToken: string | null }>
  /** Inserts in `ctx.tx` without asking for rights: registration and set-up decide for themselves. */
  insert(
    ctx: Context,
    user: NewUser,
    options?: { gatewayKey: boolean },
  ): Promise<{ user: User; organizationId: string; gatewayApiKey: string | null }>
  update(ctx: Context, id: string, change: UserChange): Promise<User>
  /** Makes a suspended user active. Throws users.not_found, users.beyond_own_rights, users.not_suspended. */
  unsuspend(ctx: Context, id: string): Promise<User>
  /** As `update`, for the user with this login or e-mail. */
  setPassword(ctx: Context, identifier: string, password: string): Promise<void>
  remove(ctx: Context, id: string): Promise<void>
  /** Locks the user in `ctx.tx`. Throws users.not_found, users.beyond_own_rights. */
  findManageable(ctx: Context, id: string): Promise<User>
}

export interface NewUser {
  login: string
  email: string | null
  name: string
  status: UserStatus
  passwordHash: string | null
  groupIds: readonly string[]
}

interface Needs {
  repo: UsersRepo
  groups: GroupGiving
  organizations: Organizations
  passwords: Pick<Passwords, 'hash'>
  passwordTokens: Pick<PasswordTokens, 'issue' | 'endAllOf'>
  sessions: Pick<Sessions, 'endAllOf'>
  /** Whether the user can sign in without a password, through an account elsewhere. */
  hasOtherWayIn: (ctx: Context, userId: string) => Promise<boolean>
  lockout: Pick<Lockout, 'lockedOf' | 'lift'>
  access: Pick<Access, 'userChanged'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

export function createUsers(needs: Needs): Users {
  const {
    repo,
    groups,
    organizations,
    passwords,
    passwordTokens,
    sessions,
    hasOtherWayIn,
    lockout,
    access,
    database,
    audit,
    events,
    clock,
    ids,
  } = needs

  async function get(ctx: Context, id: string): Promise<User> {
    return (await repo.find(ctx, id)) ?? raise('users.not_found')
  }

  async function permissionsOf(ctx: Context, groupIds: readonly string[]): Promise<Set<string>> {
    return effectivePermissions((await groups.list(ctx)).filter(({ id }) => groupIds.includes(id)))
  }

  /** Locks the user; throws when it is not there or holds rights that the actor does not. */
  async function findManageable(ctx: Context, id: string): Promise<User> {
    const user = (await repo.findForUpdate(ctx, id)) ?? raise('users.not_found')
    const groupIds = user.groupIds.map((group) => group.id)
    if (!mayManage(ctx.actor, { groupIds, permissions: await permissionsOf(ctx, groupIds) })) {
      throw problem('users.beyond_own_rights')
    }
    return user
  }

  /** Throws unless every group exists and the actor holds what it gives. */
  async function checkGivable(ctx: Context, groupIds: readonly string[]): Promise<void> {
    const known = await groups.lockForGiving(ctx, groupIds)
    const unknown = groupIds.filter((id) => !known.some((group) => group.id === id))
    if (unknown.length > 0) {
      throw problem('request.invalid', {
        sentence: 'The field groupIds names a group that does not exist.',
        details: unknown.map((id) => ({ path: 'body.groupIds', message: `there is no group ${id}` })),
      })
    }
    if (!mayManage(ctx.actor, { groupIds, permissions: effectivePermissions(known) }))
      throw problem('groups.beyond_own_rights')
  }

  async function insert(ctx: Context, user: NewUser, options = { gatewayKey: false }) {
    const id = ids.uuid()
    const organization = await organizations.createPersonal(ctx, { name: user.name }, options)
    await nameConflicts(() => repo.insert(ctx, { id, ...user, organizationId: organization.id }, clock.now()))
    await organizations.own(ctx, organization.id, id)
    await repo.setGroups(ctx, id, user.groupIds)
    await events.append(ctx, { type: 'user.created', data: { id, login: user.login } })
    return {
      user: await get(ctx, id),
      organizationId: organization.id,
      gatewayApiKey: organization.gatewayApiKey,
    }
  }

  async function refuseLastSuperAdmin(ctx: Context, user: User): Promise<void> {
    const counts =
      user.status === 'active' && user.groupIds.some(({ id }) => id === systemGroupIds.superAdmin)
    if (counts && (await repo.countOtherSuperAdmins(ctx, user.id)) === 0)
      throw problem('users.last_super_admin')
  }

  /** Throws when the change breaks a rule; answers the groups and names it leads to. */
  async function checkChange(ctx: Context, before: User, change: UserChange) {
    const heldIds = before.groupIds.map(({ id }) => id)
    const groupIds = change.groupIds ?? heldIds
    const given = groupIds.filter((id) => !heldIds.includes(id))
    if (given.length > 0) await checkGivable(ctx, given)
    if (change.status !== undefined && change.status !== before.status) {
      if (ctx.actor.kind === 'user' && ctx.actor.userId === before.id)
        throw problem('users.yourself_protected')
      await checkStatus(ctx, before, change.status, change.password !== undefined)
    }
    const leaves =
      !groupIds.includes(systemGroupIds.superAdmin) || (change.status ?? before.status) !== 'active'
    if (leaves) await refuseLastSuperAdmin(ctx, before)
    checkPassword(change.password, groupIds)
    const names = namesAfter(before, { login: change.login ?? change.username, email: change.email })
    checkNames(names)
    return { groupIds, names }
  }

  async function checkStatus(
    ctx: Context,
    before: User,
    status: UserStatus,
    givesPassword: boolean,
  ): Promise<void> {
    if (status === 'invited')
      throw invalidField('status', 'cannot be set to invited; only a new user without a password is')
    const { passwordHash } = (await repo.credentialsOf(ctx, before.id)) ?? raise('users.not_found')
    if (status !== 'active' || passwordHash !== null || givesPassword) return
    if (!(await hasOtherWayIn(ctx, before.id))) throw problem('users.password_missing')
  }

  async function update(ctx: Context, id: string, change: UserChange): Promise<User> {
    const passwordHash = change.password === undefined ? undefined : await passwords.hash(change.password)
    return database.transaction(ctx, async (tx) => {
      const before = await findManageable(tx, id)
      const { groupIds, names } = await checkChange(tx, before, change)
      const row: UserRowChange = {
        ...names,
        ...(change.name !== undefined && { name: change.name }),
        ...(passwordHash !== undefined && { passwordHash, mustChangePassword: !isActor(tx, id) }),
        status: statusAfter(before.status, change.status, passwordHash !== undefined),
      }
      await nameConflicts(() => repo.update(tx, id, row, clock.now()))
      if (change.groupIds !== undefined) await repo.setGroups(tx, id, groupIds)
      const after = await get(tx, id)
      // A link that went to the old address is worth nothing any more.
      if (passwordHash !== undefined || after.email !== before.email) await passwordTokens.endAllOf(tx, id)
      if (passwordHash !== undefined) {
        await lockout.lift(tx, after.email === null ? [after.login] : [after.login, after.email])
        await sessions.endAllOf(tx, id, 'password changed', ownSession(tx, id))
      }
      if (after.status !== 'active') await sessions.endAllOf(tx, id, `user is ${after.status}`)
      await access.userChanged(tx, id)
      await events.append(tx, { type: 'user.updated', data: { id } })
      const changed = [
        ...changedProperties(before, after),
        ...(passwordHash === undefined ? [] : ['password']),
      ]
      await audit.append(tx, { target: { type: 'user', id }, details: { login: after.login, changed } })
      return after
    })
  }

  return {
    get,
    insert,
    findManageable,
    ...createUserLists({ repo, lockout }),

    async create(ctx, body) {
      const login = body.login ?? body.username ?? body.email ?? ''
      const names = { login, email: body.email ?? (login.includes('@') ? login : null) }
      checkNames(names)
      const groupIds = body.groupIds ?? [systemGroupIds.user]
      checkPassword(body.password, groupIds)
      const passwordHash = body.password === undefined ? null : await passwords.hash(body.password)
      return database.transaction(ctx, async (tx) => {
        await checkGivable(tx, groupIds)
        const status = passwordHash === null ? 'invited' : (body.status ?? 'active')
        const { user } = await insert(tx, {
          ...names,
          name: body.name ?? login,
          status,
          passwordHash,
          groupIds,
        })
        const setPasswordToken =
          passwordHash === null ? await passwordTokens.issue(tx, user.id, 'invitation') : null
        await audit.append(tx, {
          target: { type: 'user', id: user.id },
          details: { login, status, groupIds },
        })
        return { user, setPasswordToken }
      })
    },

    update,

    unsuspend: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const before = await findManageable(tx, id)
        if (before.status !== 'suspended') throw problem('users.not_suspended')
        return update(tx, id, { status: 'active' })
      }),

    async setPassword(ctx, identifier, password) {
      const { userId } = (await repo.findCredentials(ctx, identifier)) ?? raise('users.not_found')
      await update(ctx, userId, { password })
    },
    remove: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        if (isActor(ctx, id)) throw problem('users.yourself_protected')
        const user = await findManageable(tx, id)
        await refuseLastSuperAdmin(tx, user)
        await repo.remove(tx, id)
        await access.userChanged(tx, id)
        await events.append(tx, { type: 'user.deleted', data: { id, login: user.login } })
        await audit.append(tx, { target: { type: 'user', id }, details: { login: user.login } })
      }),
  }
}

function isActor({ actor }: Context, userId: string): boolean {
  return actor.kind === 'user' && actor.userId === userId
}

/** Whoever changes their own password stays signed in where they did it. */
function ownSession({ actor }: Context, userId: string): string | null {
  return actor.kind === 'user' && actor.userId === userId ? actor.sessionId : null
}

function raise(code: Parameters<typeof problem>[0]): never {
  throw problem(code)
}
