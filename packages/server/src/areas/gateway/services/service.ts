import type { ServiceChange, ServiceEntity, ServiceInput } from '@holdfast/contracts/gateway/services'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { changedFields, withChange } from '../writes/rules.ts'
import type { TenantWrites, Written } from '../writes/service.ts'
import type { ListFilter } from '../listing/store.ts'
import type { StoredService } from './model.ts'
import type { ServicesRepo } from './repo.ts'
import { newService, serviceEntry, shownService, targetsAfter } from './rules.ts'

/**
 * Gateway services: the upstreams that a tenant's routes lead to, each with one target or several weighted ones.
 *
 * Invariants: deleting is soft, and the routes that point to a deleted service stay and fail until they get another one.
 * Events: gateway.service_created, gateway.service_updated, gateway.service_deleted.
 */
export interface GatewayServices {
  list(ctx: Context, filter: ListFilter): Promise<ServiceEntity[]>
  /** Throws gateway_services.not_found. */
  get(ctx: Context, id: string): Promise<ServiceEntity>
  /** Throws gateway_services.targets_conflict, gateway.limit_reached. */
  create(ctx: Context, input: ServiceInput): Promise<Written<ServiceEntity>>
  /** Throws gateway_services.not_found, gateway_services.targets_conflict, gateway_services.targets_fixed. */
  update(ctx: Context, id: string, change: ServiceChange): Promise<Written<ServiceEntity>>
  /** Throws gateway_services.not_found. */
  remove(ctx: Context, id: string): Promise<Written<undefined>>
  /** In the tenant's transaction. Throws gateway_services.not_found. */
  find(ctx: Context, id: string): Promise<StoredService>
}

interface Needs {
  repo: ServicesRepo
  writes: TenantWrites
  database: Pick<Database<Tables>, 'tenant'>
  clock: Clock
  ids: Ids
}

export function createGatewayServices({ repo, writes, database, clock, ids }: Needs): GatewayServices {
  async function find(ctx: Context, id: string): Promise<StoredService> {
    const service = await repo.find(ctx, id)
    if (service === undefined) throw problem('gateway_services.not_found')
    return service
  }

  return {
    find,
    list: (ctx, filter) =>
      database.tenant(ctx, async (tx) => (await repo.list(tx, filter)).map(shownService)),
    get: (ctx, id) => database.tenant(ctx, async (tx) => shownService(await find(tx, id))),

    create: (ctx, input) =>
      writes.write(ctx, async (tx) => {
        const service = newService(tx.organizationId ?? '', ids.uuid(), input, clock.now())
        await writes.count(tx, 'services', 1)
        await repo.save(tx, [service])
        return {
          value: shownService(service),
          entries: [serviceEntry(service)],
          event: { type: 'gateway.service_created', data: { id: service.id } },
          audit: {
            target: { type: 'gateway_service', id: service.id },
            details: { name: service.name, targets: service.targets },
          },
        }
      }),

    update: (ctx, id, { targetUrl, targets, ...change }) =>
      writes.write(ctx, async (tx) => {
        const before = await find(tx, id)
        const after = {
          ...withChange(before, change),
          targets: targetsAfter(before, { targetUrl, targets }),
          updatedAt: clock.now().toISOString(),
        }
        await repo.save(tx, [after])
        return {
          value: shownService(after),
          entries: [serviceEntry(after)],
          event: { type: 'gateway.service_updated', data: { id } },
          audit: {
            target: { type: 'gateway_service', id },
            details: { name: after.name, changed: changedFields(before, after) },
          },
        }
      }),

    remove: (ctx, id) =>
      writes.write(ctx, async (tx) => {
        const { name } = await find(tx, id)
        await repo.remove(tx, [id], clock.now())
        await writes.count(tx, 'services', -1)
        return {
          value: undefined,
          entries: [{ kind: 'service', id, value: null }],
          event: { type: 'gateway.service_deleted', data: { id } },
          audit: { target: { type: 'gateway_service', id }, details: { name } },
        }
      }),
  }
}
