import type { Context } from '../../context.ts'
import type { Kit } from '../../kit.ts'
import type { Area } from '../area.ts'
import { bindApply } from './apply/routes.ts'
import { createApply } from './apply/service.ts'
import { createHandleChange } from './applied/handle.ts'
import { createApplied } from './applied/service.ts'
import { createConfigFeedRepo } from './config-feed/repo.ts'
import { createConfigFeed } from './config-feed/service.ts'
import { createConsumersRepo } from './consumers/repo.ts'
import { bindGatewayConsumers } from './consumers/routes.ts'
import { createGatewayConsumers } from './consumers/service.ts'
import { createGatewaysRepo } from './gateways/repo.ts'
import { createOpenApiReader } from './import/reader.ts'
import { createOpenApiImports } from './import/service.ts'
import { bindGatewayKeys } from './keys/routes.ts'
import type { GatewayKeys } from './keys/service.ts'
import { createMembersConsumer } from './members/consumer.ts'
import { createMembersRepo } from './members/repo.ts'
import { composeObserving } from './observing.ts'
import { createPublicationConsumer } from './publish/consumer.ts'
import { bindPublishing } from './publish/routes.ts'
import { createPublishing, type PublishableEndpoints } from './publish/service.ts'
import { createRoutesRepo } from './routes/repo.ts'
import { bindGatewayRoutes } from './routes/routes.ts'
import { createGatewayRoutes } from './routes/service.ts'
import { createServicesRepo } from './services/repo.ts'
import { bindGatewayServices } from './services/routes.ts'
import { createGatewayServices } from './services/service.ts'
import { createTenantRepo } from './tenant/repo.ts'
import { bindTenants } from './tenant/routes.ts'
import { settingsDefault } from './tenant/rules.ts'
import { createTenants } from './tenant/service.ts'
import { createVouching } from './vouching/service.ts'
import { createTenantWrites } from './writes/service.ts'

export interface GatewayNeeds {
  keys: GatewayKeys
  /** Endpoints of the builder, to be published. */
  endpoints: PublishableEndpoints & { ids: (ctx: Context) => Promise<string[]> }
  /** Where gateways reach this server. */
  serverUrl: (ctx: Context) => Promise<string>
}

/** The gateway of reference 002: what tenants configure, and how it reaches their gateways. */
export function composeGateway(kit: Kit, { keys, endpoints, serverUrl }: GatewayNeeds) {
  const { database } = kit
  const members = createMembersRepo(database)
  const tenantRepo = createTenantRepo(database)
  const feed = createConfigFeed({
    ...kit,
    repo: createConfigFeedRepo(database),
    async firstEntities(ctx) {
      const settings = (await tenantRepo.settings(ctx)) ?? settingsDefault
      const id = ctx.organizationId ?? ''
      return [
        { kind: 'settings', id, value: { id, ...settings } },
        ...(await members.list(ctx)).map((userId) => ({
          kind: 'member' as const,
          id: userId,
          value: { id: userId },
        })),
      ]
    },
  })

  const gatewaysRepo = createGatewaysRepo(database)
  const applied = createApplied({ gateways: gatewaysRepo, database, clock: kit.clock })
  const change = createHandleChange(applied)
  const writes = createTenantWrites({ ...kit, feed })
  const servicesRepo = createServicesRepo(database)
  const routesRepo = createRoutesRepo(database)
  const consumersRepo = createConsumersRepo(database)
  const services = createGatewayServices({ ...kit, repo: servicesRepo, writes })
  const routes = createGatewayRoutes({ ...kit, repo: routesRepo, services, writes })
  const consumers = createGatewayConsumers({ ...kit, repo: consumersRepo, writes })
  const tenants = createTenants({ ...kit, repo: tenantRepo, gateways: gatewaysRepo.list, feed, writes })

  const stores = {
    services: servicesRepo,
    routes: routesRepo,
    consumers: consumersRepo,
    tenant: tenantRepo,
  }
  const apply = createApply({ ...kit, stores, feed, writes })
  const imports = createOpenApiImports({ apply, read: createOpenApiReader() })
  const publishing = createPublishing({
    ...kit,
    routes: routesRepo,
    services: servicesRepo,
    endpoints,
    serverUrl,
    writes,
  })

  const vouching = createVouching({ ...kit, publishersOf: routesRepo.publishersOf, keys })

  const observing = composeObserving(kit, { feed, keys, gatewaysRepo })

  const area: Area = {
    ...observing,
    routes: [
      ...bindTenants(tenants, change),
      ...bindGatewayServices(services, change),
      ...bindGatewayRoutes(routes, change),
      ...bindGatewayConsumers(consumers, change),
      ...bindGatewayKeys(keys),
      ...bindApply(apply, imports, change),
      ...bindPublishing(publishing, change),
      ...observing.routes,
    ],
    consumers: [
      createMembersConsumer({ repo: members, feed, database }),
      createPublicationConsumer({ publishing, endpointIds: endpoints.ids, logger: kit.logger }),
    ],
    parts: [feed.part, keys.part, applied.part, ...(observing.parts ?? [])],
  }
  return { area, feed, keys, gatewaysRepo, vouching }
}
