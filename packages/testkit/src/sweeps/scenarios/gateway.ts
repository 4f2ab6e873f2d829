import {
  createConsumer,
  getConsumer,
  listConsumers,
  patchConsumer,
  revokeConsumer,
  updateConsumer,
} from '@holdfast/contracts/gateway/consumers'
import {
  createGatewayKey,
  listGatewayKeys,
  revokeGatewayKey,
  rotateGatewayKey,
  rotateTenantKey,
} from '@holdfast/contracts/gateway/keys'
import {
  createGatewayRoute,
  deleteGatewayRoute,
  getGatewayRoute,
  listGatewayRoutes,
  patchGatewayRoute,
  updateGatewayRoute,
} from '@holdfast/contracts/gateway/routes'
import {
  createService,
  deleteService,
  getService,
  listServices,
  patchService,
  updateService,
} from '@holdfast/contracts/gateway/services'
import {
  getTenant,
  getTenantSettings,
  listGateways,
  listTenants,
  patchTenantSettings,
  updateTenantSettings,
} from '@holdfast/contracts/gateway/tenants'
import { scenario } from '../scenario.ts'
import { withPlatformService } from './gateway-documents.ts'
import { unknownId } from './ids.ts'
import { createTenantItems, fullTenant, makeTenant } from './tenant.ts'
import type { World } from '../world.ts'

const targetUrl = 'http://127.0.0.1:9000'
const { service, route, consumer, key } = createTenantItems

const asOwner = async (world: World) => {
  const { as, params, query } = await makeTenant(world)
  return { as, params, query }
}
/** The way to an item that the tenant does not have. */
const unknownItem =
  <B>(body: B) =>
  async (world: World) => {
    const { as, params, query } = await makeTenant(world)
    return { as, params: { ...params, id: unknownId }, query, body }
  }
const unknown = async (world: World) => {
  const { as, params, query } = await makeTenant(world)
  return { as, params: { ...params, id: unknownId }, query }
}

const serviceChange = {
  success: async (world: World) => ({ ...(await service(world)), body: { timeoutMs: 500 } }),
  problems: {
    'gateway_services.not_found': unknownItem({ timeoutMs: 500 }),
    'gateway_services.targets_conflict': async (world: World) => ({
      ...(await service(world)),
      body: { targetUrl: 'http://127.0.0.1:9001', targets: [{ url: 'http://127.0.0.1:9002' }] },
    }),
    'gateway_services.targets_fixed': async (world: World) => ({
      ...(await withPlatformService(world)),
      body: { targetUrl: 'http://127.0.0.1:9001' },
    }),
  },
}

const routeChange = {
  success: async (world: World) => ({ ...(await route(world)), body: { authRequired: true } }),
  problems: {
    'gateway_routes.not_found': unknownItem({ authRequired: true }),
    'gateway_services.not_found': async (world: World) => ({
      ...(await route(world)),
      body: { serviceId: unknownId },
    }),
    'gateway_routes.duplicate': async (world: World) => {
      const { as, params, query, client } = await route(world)
      const { serviceId } = await client.call(getGatewayRoute, { params })
      await client.call(createGatewayRoute, {
        params,
        query,
        body: { serviceId, method: 'PUT', pathPattern: '/taken/:id' },
      })
      return { as, params, query, body: { method: 'PUT' as const, pathPattern: '/taken/:name' } }
    },
  },
}

const consumerChange = {
  success: async (world: World) => ({
    ...(await consumer(world)),
    body: { rateLimitTier: 'premium' as const },
  }),
  problems: { 'gateway_consumers.not_found': unknownItem({ name: 'Other' }) },
}

const settingsChange = {
  success: async (world: World) => ({ ...(await asOwner(world)), body: { tiers: { free: 7 } } }),
}

export const gatewayScenarios = [
  scenario(listTenants, { success: () => ({}) }),
  scenario(getTenant, { success: asOwner }),
  scenario(listGateways, { success: asOwner }),
  scenario(getTenantSettings, { success: asOwner }),
  scenario(updateTenantSettings, settingsChange),
  scenario(patchTenantSettings, settingsChange),

  scenario(listServices, { success: asOwner }),
  scenario(getService, { success: service, problems: { 'gateway_services.not_found': unknown } }),
  scenario(createService, {
    success: async (world) => ({ ...(await asOwner(world)), body: { name: 'Shop', targetUrl } }),
    problems: {
      'gateway_services.targets_conflict': async (world) => ({
        ...(await asOwner(world)),
        body: { name: 'Shop', targetUrl, targets: [{ url: 'http://127.0.0.1:9001' }] },
      }),
      'gateway.limit_reached': async (world) => ({
        ...(await fullTenant(world, 'services')),
        body: { name: 'One too many', targetUrl },
      }),
    },
  }),
  scenario(updateService, serviceChange),
  scenario(patchService, serviceChange),
  scenario(deleteService, { success: service, problems: { 'gateway_services.not_found': unknown } }),

  scenario(listGatewayRoutes, { success: asOwner }),
  scenario(getGatewayRoute, { success: route, problems: { 'gateway_routes.not_found': unknown } }),
  scenario(createGatewayRoute, {
    success: async (world) => {
      const { as, params, query } = await service(world)
      return {
        as,
        params,
        query,
        body: { method: 'GET' as const, pathPattern: '/things', serviceId: params.id },
      }
    },
    problems: {
      'gateway_services.not_found': async (world) => ({
        ...(await asOwner(world)),
        body: { method: 'GET', pathPattern: '/things', serviceId: unknownId },
      }),
      'gateway_routes.duplicate': async (world) => {
        const { as, params, query, client } = await route(world)
        const { method, pathPattern, serviceId } = await client.call(getGatewayRoute, { params })
        return { as, params, query, body: { method, pathPattern, serviceId } }
      },
      'gateway.limit_reached': async (world) => {
        const { as, params, query } = await fullTenant(world, 'routes')
        return {
          as,
          params,
          query,
          body: { method: 'GET', pathPattern: '/one-too-many', serviceId: params.id },
        }
      },
    },
  }),
  scenario(updateGatewayRoute, routeChange),
  scenario(patchGatewayRoute, routeChange),
  scenario(deleteGatewayRoute, { success: route, problems: { 'gateway_routes.not_found': unknown } }),

  scenario(listConsumers, { success: asOwner }),
  scenario(getConsumer, { success: consumer, problems: { 'gateway_consumers.not_found': unknown } }),
  scenario(createConsumer, {
    success: async (world) => ({ ...(await asOwner(world)), body: { name: 'Mobile app' } }),
    problems: {
      'gateway.limit_reached': async (world) => ({
        ...(await fullTenant(world, 'consumers')),
        body: { name: 'One too many' },
      }),
    },
  }),
  scenario(updateConsumer, consumerChange),
  scenario(patchConsumer, consumerChange),
  scenario(revokeConsumer, { success: consumer, problems: { 'gateway_consumers.not_found': unknown } }),

  scenario(listGatewayKeys, { success: asOwner }),
  scenario(createGatewayKey, {
    success: async (world) => ({ ...(await asOwner(world)), body: { label: 'Berlin' } }),
    problems: {
      'gateway.limit_reached': async (world) => {
        const { as, params, client } = await makeTenant(world)
        for (let index = 0; index < 100; index += 1)
          await client.call(createGatewayKey, { params, body: { label: `Key ${index}` } })
        return { as, params, body: { label: 'One too many' } }
      },
    },
  }),
  scenario(rotateGatewayKey, {
    success: async (world) => ({ ...(await key(world)), body: {} }),
    problems: {
      'gateway_keys.not_found': unknownItem({}),
      'gateway.limit_reached': async (world) => {
        const { as, params, client } = await key(world)
        for (let index = 0; index < 99; index += 1)
          await client.call(createGatewayKey, { params, body: { label: `Key ${index}` } })
        return { as, params, body: {} }
      },
    },
  }),
  scenario(revokeGatewayKey, { success: key, problems: { 'gateway_keys.not_found': unknown } }),
  scenario(rotateTenantKey, { success: async (world) => ({ ...(await key(world)), body: {} }) }),
]
