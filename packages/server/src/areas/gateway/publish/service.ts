import { type Endpoint, getEndpoint } from '@holdfast/contracts/builder/endpoints'
import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import { ServiceBody } from '@holdfast/contracts/gateway/services'
import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import { holds } from '../../../rights.ts'
import type { EntityChange } from '../config-feed/service.ts'
import type { ItemStore } from '../listing/store.ts'
import { duplicates } from '../routes/duplicates.ts'
import { newRoute, routeEntry, routeName } from '../routes/rules.ts'
import type { StoredService } from '../services/model.ts'
import { newService, serviceEntry } from '../services/rules.ts'
import { changedFields } from '../writes/rules.ts'
import type { TenantWrites, Written } from '../writes/service.ts'
import { followedFields, publicationMistake, routeOf } from './rules.ts'

/**
 * Endpoints of the builder behind the gateway: a route with the endpoint's method, path and access rules, to a service
 * that is this server. Who may call is asked at both doors: the gateway asks for a credential where the endpoint is not
 * public and passes those of the platform on, and the endpoint decides. Addresses are asked at both as well: the
 * gateway says whose request it passes on, in a way that nobody else can (`vouching`).
 *
 * Invariants: an endpoint is published once by a tenant; its route follows it and ends with it. Events:
 * gateway.endpoint_published, gateway.endpoint_unpublished, gateway.route_updated, gateway.route_deleted.
 */
export interface Publishing {
  /** Publishing again brings the route up to date. Throws what the contract's route lists. */
  publish(ctx: Context, endpointId: string): Promise<Written<RouteEntity>>
  /** Throws gateway_publications.not_found. */
  unpublish(ctx: Context, endpointId: string): Promise<Written<undefined>>
  /** Makes the routes that publish this endpoint what it says now. Harmless to repeat. */
  follow(ctx: Context, endpointId: string): Promise<void>
}

export interface PublishableEndpoints {
  find(ctx: Context, id: string): Promise<{ endpoint: Endpoint; addresses: string[] | null } | null>
}

export interface PublishedRoutes extends ItemStore<RouteEntity> {
  findPublished(ctx: Context, endpointId: string): Promise<RouteEntity | undefined>
  /** The tenants that publish it. */
  publishersOf(ctx: Context, endpointId: string): Promise<string[]>
}

export interface PublishedServices extends ItemStore<StoredService> {
  /** The one that is this server. */
  findPlatform(ctx: Context): Promise<StoredService | undefined>
}

interface Needs {
  routes: PublishedRoutes
  services: PublishedServices
  endpoints: PublishableEndpoints
  /** Where gateways reach this server. */
  serverUrl: (ctx: Context) => Promise<string>
  writes: TenantWrites
  clock: Clock
  ids: Ids
}

const serviceName = 'This server'

export function createPublishing(needs: Needs): Publishing {
  const { routes, services, endpoints, serverUrl, writes, clock, ids } = needs

  /** The service that is this server; made when the tenant has none, and brought to the address that holds now. */
  async function ownService(ctx: Context, url: string): Promise<{ id: string; entries: EntityChange[] }> {
    const found = await services.findPlatform(ctx)
    if (found?.targets[0]?.url === url) return { id: found.id, entries: [] }
    const input = ServiceBody.parse({ name: serviceName, targetUrl: url })
    const made = newService(ctx.organizationId ?? '', ids.uuid(), input, clock.now())
    const service = { ...made, ...found, targets: made.targets, updatedAt: made.updatedAt, isPlatform: true }
    if (found === undefined) await writes.count(ctx, 'services', 1)
    await services.save(ctx, [service])
    return { id: service.id, entries: [serviceEntry(service)] }
  }

  const about = (route: RouteEntity) => ({
    target: { type: 'gateway_route', id: route.id },
    details: { route: routeName(route), endpointId: route.endpointId },
  })

  /** One tenant's route becomes what the endpoint says; it goes when the endpoint has gone or can no longer be published. */
  async function followIn(ctx: Context, endpointId: string): Promise<void> {
    const found = await endpoints.find(ctx, endpointId)
    await duplicates(() =>
      writes.write(ctx, async (tx) => {
        const before = await routes.findPublished(tx, endpointId)
        if (before === undefined) return { value: undefined, entries: [], event: null, audit: null }
        const { id } = before
        if (found === null || publicationMistake(found.endpoint) !== null) {
          await routes.remove(tx, [id], clock.now())
          await writes.count(tx, 'routes', -1)
          return {
            value: undefined,
            entries: [{ kind: 'route', id, value: null }],
            event: { type: 'gateway.route_deleted', data: { id } },
            audit: { action: 'gateway.route_deleted', ...about(before) },
          }
        }
        const fields = followedFields(found.endpoint, found.addresses)
        const after = { ...before, ...fields, updatedAt: clock.now().toISOString() }
        if (changedFields(before, after).length === 0)
          return { value: undefined, entries: [], event: null, audit: null }
        await routes.save(tx, [after])
        return {
          value: undefined,
          entries: [routeEntry(after)],
          event: { type: 'gateway.route_updated', data: { id } },
          audit: { action: 'gateway.route_updated', ...about(after) },
        }
      }),
    )
  }

  return {
    async publish(ctx, endpointId) {
      const { actor } = ctx
      // Whoever publishes lets a tenant's gateways say from where a call comes, which network rules rest on.
      if (actor.kind !== 'user' || !holds(actor, 'manage_api', getEndpoint)) throw problem('auth.forbidden')
      const found = await endpoints.find(ctx, endpointId)
      if (found === null) throw problem('endpoints.not_found')
      const mistake = publicationMistake(found.endpoint)
      if (mistake !== null) throw problem('gateway_publications.impossible', { sentence: mistake })
      const url = await serverUrl(ctx)
      return duplicates(() =>
        writes.write(ctx, async (tx) => {
          const before = await routes.findPublished(tx, endpointId)
          const service = await ownService(tx, url)
          const input = routeOf(followedFields(found.endpoint, found.addresses), service.id)
          const at = clock.now()
          const route =
            before === undefined
              ? newRoute(tx.organizationId ?? '', ids.uuid(), { ...input, endpointId }, at)
              : {
                  ...before,
                  ...followedFields(found.endpoint, found.addresses),
                  serviceId: service.id,
                  updatedAt: at.toISOString(),
                }
          if (before === undefined) await writes.count(tx, 'routes', 1)
          await routes.save(tx, [route])
          return {
            value: route,
            entries: [...service.entries, routeEntry(route)],
            event: { type: 'gateway.endpoint_published', data: { id: route.id, endpointId } },
            audit: about(route),
          }
        }),
      )
    },

    unpublish: (ctx, endpointId) =>
      writes.write(ctx, async (tx) => {
        const route = await routes.findPublished(tx, endpointId)
        if (route === undefined) throw problem('gateway_publications.not_found')
        await routes.remove(tx, [route.id], clock.now())
        await writes.count(tx, 'routes', -1)
        return {
          value: undefined,
          entries: [{ kind: 'route', id: route.id, value: null }],
          event: { type: 'gateway.endpoint_unpublished', data: { id: route.id, endpointId } },
          audit: about(route),
        }
      }),

    async follow(ctx, endpointId) {
      for (const organizationId of await routes.publishersOf(ctx, endpointId))
        await followIn({ ...ctx, organizationId }, endpointId)
    },
  }
}
