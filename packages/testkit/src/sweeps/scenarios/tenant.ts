import { createConsumer } from '@holdfast/contracts/gateway/consumers'
import { createGatewayKey } from '@holdfast/contracts/gateway/keys'
import { createGatewayRoute } from '@holdfast/contracts/gateway/routes'
import { createService } from '@holdfast/contracts/gateway/services'
import { tenantItemsMax } from '@holdfast/contracts/gateway/shared'
import type { World } from '../world.ts'

/** A person with an organization of their own, which is a tenant of the gateway. */
export async function makeTenant(world: World, who: Parameters<World['as']>[0] = 'user') {
  const as = await world.as(who)
  return { as, client: as.client, params: { tenantId: as.tenantId }, query: {} }
}

type Tenant = Awaited<ReturnType<typeof makeTenant>>
const item = (tenant: Tenant, id: string) => ({ ...tenant, params: { ...tenant.params, id } })

async function service(world: World, who?: Parameters<World['as']>[0]) {
  const tenant = await makeTenant(world, who)
  const body = { name: world.fresh('Shop'), targetUrl: 'http://127.0.0.1:9000' }
  return item(
    tenant,
    (await tenant.client.call(createService, { params: tenant.params, query: {}, body })).id,
  )
}

/** Ways to a new tenant that has one of these; `params.id` is its id. */
export const createTenantItems = {
  service,
  async route(world: World) {
    const { params, ...tenant } = await service(world)
    const body = {
      method: 'GET' as const,
      pathPattern: `/${world.fresh('things')}/:id`,
      serviceId: params.id,
    }
    return item(
      { ...tenant, params },
      (await tenant.client.call(createGatewayRoute, { params, query: {}, body })).id,
    )
  },
  async consumer(world: World) {
    const tenant = await makeTenant(world)
    const body = { name: world.fresh('Mobile app') }
    return item(
      tenant,
      (await tenant.client.call(createConsumer, { params: tenant.params, query: {}, body })).id,
    )
  },
  async key(world: World) {
    const tenant = await makeTenant(world)
    const body = { label: world.fresh('Key') }
    return item(tenant, (await tenant.client.call(createGatewayKey, { params: tenant.params, body })).id)
  },
}

/** A tenant that has as many of these as it can have; `params.id` is a service of it. */
export async function fullTenant(
  world: World,
  what: 'services' | 'routes' | 'consumers',
  who?: Parameters<World['as']>[0],
) {
  const tenant = await service(world, who)
  await world.server.database.tenant({ organizationId: tenant.params.tenantId }, ({ tx }) =>
    tx
      .updateTable('gateway_configs')
      .set({ [what]: tenantItemsMax })
      .execute(),
  )
  return tenant
}
