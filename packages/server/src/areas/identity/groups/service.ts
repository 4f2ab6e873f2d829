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
import type { GroupsRepo } from './repo.ts'
import { changedProperties } from './rules.ts'

/**
 * Groups: named sets of permissions that users hold; reference 001 calls them roles.
 *
 * Invariants: a name is unique without regard to case; the system groups of the migration are never changed or
 * removed; deleting a group takes it from its users and from the endpoints that admit it (by event).
 * Events: group.created, group.updated, group.deleted. Every replica drops its cached permissions on each of them.
 */
export interface Groups {
  list(ctx: Context): Promise<Group[]>
  /** Throws groups.not_found. */
  get(ctx: Context, id: string): Promise<Group>
  /** Throws groups.name_taken. */
  create(ctx: Context, input: GroupInput): Promise<Group>
  /** Throws groups.not_found, groups.system_protected, groups.name_taken. */
  update(ctx: Context, id: string, change: GroupChange): Promise<Group>
  /** Throws groups.not_found, groups.system_protected. */
  remove(ctx: Context, id: string): Promise<void>
}

interface Needs {
  repo: GroupsRepo
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

export function createGroups({ repo, database, audit, events, clock, ids }: Needs): Groups {
  async function get(ctx: Context, id: string): Promise<Group> {
    return (await repo.find(ctx, id)) ?? raise('groups.not_found')
  }

  async function findChangeable(ctx: Context, id: string): Promise<Group> {
    const group = (await repo.findForUpdate(ctx, id)) ?? raise('groups.not_found')
    if (group.isSystem) throw problem('groups.system_protected')
    return group
  }

  return {
    list: (ctx) => repo.list(ctx),
    get,

    create: (ctx, input) =>
      nameConflicts(() =>
        database.transaction(ctx, async (tx) => {
          const id = ids.uuid()
          await repo.insert(tx, id, input, clock.now())
          await events.append(tx, { type: 'group.created', data: { id, name: input.name } })
          await audit.append(tx, { target: { type: 'group', id }, details: { name: input.name, permissions: input.permissions } })
          return get(tx, id)
        }),
      ),

    update: (ctx, id, change) =>
      nameConflicts(() =>
        database.transaction(ctx, async (tx) => {
          const before = await findChangeable(tx, id)
          await repo.update(tx, id, change, clock.now())
          await events.append(tx, { type: 'group.updated', data: { id } })
          await audit.append(tx, { target: { type: 'group', id }, details: { changed: changedProperties(before, change), change } })
          return get(tx, id)
        }),
      ),

    remove: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const group = await findChangeable(tx, id)
        await repo.remove(tx, id)
        await events.append(tx, { type: 'group.deleted', data: { id } })
        await audit.append(tx, { target: { type: 'group', id }, details: { name: group.name, users: group.userCount } })
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
