import type { RouteChange, RouteEntity, RouteInput } from '@holdfast/contracts/gateway/routes'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { GatewayServices } from '../services/service.ts'
import { changedFields, withChange } from '../writes/rules.ts'
import type { TenantWrites, Written } from '../writes/service.ts'
import { duplicates } from './duplicates.ts'
import type { RouteFilter, RoutesRepo } from './repo.ts'
import { newRoute, routeEntry, routeName } from './rules.ts'

/**
 * Gateway routes: which requests a tenant's gateways take, what they ask of them, and to which service they lead.
 *
 * Invariants: a route is made to point, or pointed, at a live service of its own tenant; no two routes of a tenant answer
 * the same requests; one that is switched off is not sent to the gateways.
 * Events: gateway.route_created, gateway.route_updated, gateway.route_deleted.
 */
export interface GatewayRoutes {
  list(ctx: Context, filter: RouteFilter): Promise<RouteEntity[]>
  /** Throws gateway_routes.not_found. */
  get(ctx: Context, id: string): Promise<RouteEntity>
  /** Throws gateway_services.not_found, gateway_routes.duplicate, gateway.limit_reached. */
  create(ctx: Context, input: RouteInput): Promise<Written<RouteEntity>>
  /** Throws gateway_routes.not_found, gateway_services.not_found, gateway_routes.duplicate. */
  update(ctx: Context, id: string, change: RouteChange): Promise<Written<RouteEntity>>
  /** Throws gateway_routes.not_found. */
  remove(ctx: Context, id: string): Promise<Written<undefined>>
}

interface Needs {
  repo: RoutesRepo
  services: Pick<GatewayServices, 'find'>
  writes: TenantWrites
  database: Pick<Database<Tables>, 'tenant'>
  clock: Clock
  ids: Ids
}

export function createGatewayRoutes({ repo, services, writes, database, clock, ids }: Needs): GatewayRoutes {
  async function find(ctx: Context, id: string): Promise<RouteEntity> {
    const route = await repo.find(ctx, id)
    if (route === undefined) throw problem('gateway_routes.not_found')
    return route
  }

  return {
    list: (ctx, filter) => database.tenant(ctx, (tx) => repo.list(tx, filter)),
    get: (ctx, id) => database.tenant(ctx, (tx) => find(tx, id)),

    create: (ctx, input) =>
      duplicates(() =>
        writes.write(ctx, async (tx) => {
          await services.find(tx, input.serviceId)
          const route = newRoute(tx.organizationId ?? '', ids.uuid(), input, clock.now())
          await writes.count(tx, 'routes', 1)
          await repo.save(tx, [route])
          return {
            value: route,
            entries: [routeEntry(route)],
            event: { type: 'gateway.route_created', data: { id: route.id } },
            audit: {
              target: { type: 'gateway_route', id: route.id },
              details: { route: routeName(route), serviceId: route.serviceId },
            },
          }
        }),
      ),

    update: (ctx, id, change) =>
      duplicates(() =>
        writes.write(ctx, async (tx) => {
          const before = await find(tx, id)
          // A route may keep its deleted service while something else about it changes.
          if (change.serviceId !== undefined && change.serviceId !== before.serviceId)
            await services.find(tx, change.serviceId)
          const after = { ...withChange(before, change), updatedAt: clock.now().toISOString() }
          await repo.save(tx, [after])
          return {
            value: after,
            entries: [routeEntry(after)],
            event: { type: 'gateway.route_updated', data: { id } },
            audit: {
              target: { type: 'gateway_route', id },
              details: { route: routeName(after), changed: changedFields(before, after) },
            },
          }
        }),
      ),

    remove: (ctx, id) =>
      writes.write(ctx, async (tx) => {
        const route = await find(tx, id)
        await repo.remove(tx, [id], clock.now())
        await writes.count(tx, 'routes', -1)
        return {
          value: undefined,
          entries: [{ kind: 'route', id, value: null }],
          event: { type: 'gateway.route_deleted', data: { id } },
          audit: { target: { type: 'gateway_route', id }, details: { route: routeName(route) } },
        }
      }),
  }
}
