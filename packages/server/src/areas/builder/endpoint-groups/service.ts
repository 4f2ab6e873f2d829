import type {
  EndpointGroup,
  EndpointGroupChange,
  EndpointGroupInput,
} from '@holdfast/contracts/builder/endpoint-groups'
import type { EventType } from '@holdfast/contracts/events'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import { isUniqueViolation } from '@holdfast/database/errors'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import { checkNetwork } from '../endpoints/checks.ts'
import type { Snapshots } from '../model.ts'
import type { EndpointGroupsRepo } from './repo.ts'

/**
 * Endpoint groups: folders with network rules that their endpoints inherit unless they say otherwise.
 *
 * Invariants: a name is unique without regard to case; deleting a group leaves its endpoints, without a group.
 * Events: endpoint_group.created, endpoint_group.updated, endpoint_group.deleted.
 */
export interface EndpointGroups {
  list(ctx: Context): Promise<EndpointGroup[]>
  /** Throws endpoint_groups.name_taken, endpoints.network_invalid. */
  create(ctx: Context, input: EndpointGroupInput): Promise<EndpointGroup>
  /** Throws endpoint_groups.not_found, endpoint_groups.name_taken, endpoints.network_invalid. */
  update(ctx: Context, id: string, change: EndpointGroupChange): Promise<EndpointGroup>
  /** Throws endpoint_groups.not_found. */
  remove(ctx: Context, id: string): Promise<void>
}

interface Needs {
  repo: EndpointGroupsRepo
  snapshots: Pick<Snapshots, 'refresh'>
  database: Pick<Database<Tables>, 'transaction' | 'afterCommit'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

export function createEndpointGroups({
  repo,
  snapshots,
  database,
  audit,
  events,
  clock,
  ids,
}: Needs): EndpointGroups {
  async function find(ctx: Context, id: string): Promise<EndpointGroup> {
    await repo.lock(ctx, id)
    const group = await repo.find(ctx, id)
    if (group === undefined) throw problem('endpoint_groups.not_found')
    return group
  }

  async function conclude(
    ctx: Context,
    type: EventType,
    id: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    await events.append(ctx, { type, data: { id } })
    await database.afterCommit(ctx, () => snapshots.refresh())
    await audit.append(ctx, { target: { type: 'endpoint_group', id }, details })
  }

  return {
    list: (ctx) => repo.list(ctx),

    create: (ctx, input) =>
      nameConflicts(() =>
        database.transaction(ctx, async (tx) => {
          checkNetwork(input.networkAccess)
          const id = ids.uuid()
          const at = clock.now().toISOString()
          const group = { ...input, _id: id, id, endpointCount: 0, createdAt: at, updatedAt: at }
          await repo.insert(tx, group)
          await conclude(tx, 'endpoint_group.created', id, { name: input.name })
          return group
        }),
      ),

    update: (ctx, id, change) =>
      nameConflicts(() =>
        database.transaction(ctx, async (tx) => {
          const before = await find(tx, id)
          if (change.networkAccess !== undefined) checkNetwork(change.networkAccess)
          const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
          const group: EndpointGroup = { ...before, ...given, updatedAt: clock.now().toISOString() }
          await repo.update(tx, group)
          await conclude(tx, 'endpoint_group.updated', id, { changed: Object.keys(given) })
          return group
        }),
      ),

    remove: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const group = await find(tx, id)
        await repo.remove(tx, id)
        await conclude(tx, 'endpoint_group.deleted', id, { name: group.name, endpoints: group.endpointCount })
      }),
  }
}

async function nameConflicts<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUniqueViolation(error, 'endpoint_groups_name'))
      throw problem('endpoint_groups.name_taken', { cause: error })
    throw error
  }
}
