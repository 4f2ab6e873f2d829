import type { Group, GroupChange, GroupInput } from '@holdfast/contracts/identity/groups'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import { isUniqueViolation } from '@holdfast/database/errors'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Access } from '../access/service.ts'
import { mayManage } from '../users/rules.ts'
import type { GroupsRepo } from './repo.ts'
import { changedProperties } from './rules.ts'

/**
 * Groups: named sets of permissions that users hold; reference 001 calls them roles.
 *
 * Invariants: a name is unique without regard to case; the system groups of the migration are never changed or
 * removed; nobody gives a group, or takes from it, permissions that they do not hold; deleting a group takes it from its users and from the endpoints that admit it (by event).
 * Events: group.created, group.updated, group.deleted. Every replica drops its cached permissions on each of them.
 */
export interface Groups {
  list(ctx: Context): Promise<Group[]>
  /** Throws groups.not_found. */
  get(ctx: Context, id: string): Promise<Group>
  /** Throws groups.name_taken, groups.beyond_own_rights. */
  create(ctx: Context, input: GroupInput): Promise<Group>
  /** Inserts in `ctx.tx` without asking for rights and without an audit entry. Answers the id. */
  insert(ctx: Context, input: GroupInput): Promise<string>
  /** Throws groups.not_found, groups.system_protected, groups.beyond_own_rights, groups.name_taken. */
  update(ctx: Context, id: string, change: GroupChange): Promise<Group>
  /** Throws groups.not_found, groups.system_protected, groups.beyond_own_rights; roles.assigned when it must be free. */
  remove(ctx: Context, id: string, options?: { onlyWhenFree: boolean }): Promise<void>
}

interface Needs {
  repo: GroupsRepo
  access: Pick<Access, 'everyoneChanged'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

export function createGroups({ repo, access, database, audit, events, clock, ids }: Needs): Groups {
  async function get(ctx: Context, id: string): Promise<Group> {
    return (await repo.find(ctx, id)) ?? raise('groups.not_found')
  }

  async function findChangeable(ctx: Context, id: string): Promise<Group> {
    const group = (await repo.findForUpdate(ctx, id)) ?? raise('groups.not_found')
    if (group.isSystem) throw problem('groups.system_protected')
    refuseBeyondOwn(ctx, group.permissions)
    return group
  }

  /** Otherwise who may manage users could give themselves, through a group they hold, whatever they want. */
  function refuseBeyondOwn(ctx: Context, permissions: readonly string[]): void {
    if (!mayManage(ctx.actor, { groupIds: [], permissions: new Set(permissions) }))
      throw problem('groups.beyond_own_rights')
  }

  async function insert(ctx: Context, input: GroupInput): Promise<string> {
    const id = ids.uuid()
    await repo.insert(ctx, id, input, clock.now())
    await events.append(ctx, { type: 'group.created', data: { id, name: input.name } })
    return id
  }

  return {
    list: (ctx) => repo.list(ctx),
    get,
    insert,

    create: (ctx, input) =>
      nameConflicts(() =>
        database.transaction(ctx, async (tx) => {
          refuseBeyondOwn(ctx, input.permissions)
          const id = await insert(tx, input)
          await audit.append(tx, {
            target: { type: 'group', id },
            details: { name: input.name, permissions: input.permissions },
          })
          return get(tx, id)
        }),
      ),

    update: (ctx, id, change) =>
      nameConflicts(() =>
        database.transaction(ctx, async (tx) => {
          const before = await findChangeable(tx, id)
          refuseBeyondOwn(ctx, change.permissions ?? [])
          await repo.update(tx, id, change, clock.now())
          await access.everyoneChanged(tx)
          await events.append(tx, { type: 'group.updated', data: { id } })
          await audit.append(tx, {
            target: { type: 'group', id },
            details: { changed: changedProperties(before, change), change },
          })
          return get(tx, id)
        }),
      ),

    remove: (ctx, id, { onlyWhenFree } = { onlyWhenFree: false }) =>
      database.transaction(ctx, async (tx) => {
        const group = await findChangeable(tx, id)
        if (onlyWhenFree && group.userCount > 0) throw problem('roles.assigned')
        await repo.remove(tx, id)
        await access.everyoneChanged(tx)
        await events.append(tx, { type: 'group.deleted', data: { id } })
        await audit.append(tx, {
          target: { type: 'group', id },
          details: { name: group.name, users: group.userCount },
        })
      }),
  }
}

function raise(code: Parameters<typeof problem>[0]): never {
  throw problem(code)
}

async function nameConflicts<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUniqueViolation(error, 'groups_name')) throw problem('groups.name_taken', { cause: error })
    throw error
  }
}
