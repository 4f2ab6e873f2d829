import { applyDocument } from '@holdfast/contracts/gateway/apply'
import { importOpenApi } from '@holdfast/contracts/gateway/openapi-import'
import { publishEndpoint, unpublishEndpoint } from '@holdfast/contracts/gateway/publish'
import { createGatewayRoute } from '@holdfast/contracts/gateway/routes'
import { systemEndpointId } from '@holdfast/server/areas/builder/endpoints/system'
import { scenario } from '../scenario.ts'
import { makeEndpoint } from './endpoints.ts'
import { unknownId } from './ids.ts'
import { createTenantItems, fullTenant, makeTenant } from './tenant.ts'
import type { World } from '../world.ts'

const targetUrl = 'http://127.0.0.1:9000'
const services = [{ name: 'Shop', targetUrl }]
const routes = [{ method: 'GET' as const, pathPattern: '/things', service: 'Shop' }]
const document = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  servers: [{ url: targetUrl }],
  paths: { '/things/{id}': { get: { responses: {} } } },
})

/** Those who may change endpoints may publish them. */
const publisher = ['manage_api'] as const

/** A tenant that has published one; `params.id` is the service that is this server. */
export async function withPlatformService(world: World) {
  const { as, client, params, query, endpointId } = await withEndpoint(world)
  const { serviceId } = await client.call(publishEndpoint, { params, query, body: { endpointId } })
  return { as, client, params: { ...params, id: serviceId }, query }
}

/** A member who has the endpoint that they are about to publish. */
async function withEndpoint(world: World) {
  const { as, client, params, query } = await makeTenant(world, publisher)
  const { id: endpointId, path, method } = await makeEndpoint(world)
  return { as, client, params, query, endpointId, path, method }
}

export const gatewayDocumentScenarios = [
  scenario(applyDocument, {
    success: async (world) => ({ ...(await makeTenant(world)), body: { services, routes } }),
    problems: {
      'gateway.document_invalid': async (world) => ({ ...(await makeTenant(world)), body: { routes } }),
      'gateway_services.targets_conflict': async (world) => ({
        ...(await makeTenant(world)),
        body: { services: [{ name: 'Shop', targetUrl, targets: [{ url: 'http://127.0.0.1:9001' }] }] },
      }),
      'gateway.limit_reached': async (world) => ({
        ...(await fullTenant(world, 'routes')),
        body: { services, routes },
      }),
    },
  }),
  scenario(importOpenApi, {
    success: async (world) => ({ ...(await makeTenant(world)), body: { document } }),
    problems: {
      'gateway.document_invalid': async (world) => ({
        ...(await makeTenant(world)),
        body: { document: 'swagger: "2.0"' },
      }),
      'gateway.limit_reached': async (world) => ({
        ...(await fullTenant(world, 'routes')),
        body: { document },
      }),
    },
  }),
  scenario(publishEndpoint, {
    success: async (world) => {
      const { as, params, query, endpointId } = await withEndpoint(world)
      return { as, params, query, body: { endpointId } }
    },
    problems: {
      'auth.forbidden': async (world) => {
        const as = await world.as(['view'])
        return { as, params: { tenantId: as.tenantId }, query: {}, body: { endpointId: unknownId } }
      },
      'endpoints.not_found': async (world) => ({
        ...(await makeTenant(world, publisher)),
        body: { endpointId: unknownId },
      }),
      'gateway_publications.impossible': async (world) => ({
        ...(await makeTenant(world, publisher)),
        body: { endpointId: systemEndpointId('groups.list') },
      }),
      'gateway_routes.duplicate': async (world) => {
        const { as, client, params, query } = await createTenantItems.service(world, publisher)
        const { id: endpointId, path: pathPattern, method } = await makeEndpoint(world)
        const body = { method, pathPattern, serviceId: params.id }
        await client.call(createGatewayRoute, { params, query, body })
        return { as, params, query, body: { endpointId } }
      },
      'gateway.limit_reached': async (world) => ({
        ...(await fullTenant(world, 'routes', publisher)),
        body: { endpointId: (await makeEndpoint(world)).id },
      }),
    },
  }),
  scenario(unpublishEndpoint, {
    success: async (world) => {
      const { as, client, params, query, endpointId } = await withEndpoint(world)
      await client.call(publishEndpoint, { params, query, body: { endpointId } })
      return { as, params: { ...params, endpointId }, query }
    },
    problems: {
      'gateway_publications.not_found': async (world) => {
        const { as, params, query } = await makeTenant(world)
        return { as, params: { ...params, endpointId: unknownId }, query }
      },
    },
  }),
]
