import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { gatewayMethods, PathMatch, routePolicy } from './config.ts'
import { PathPattern } from './path-pattern.ts'
import { HostName, routePolicyInput } from './policies.ts'
import { ListQuery, TenantItemParams, TenantParams, WaitQuery } from './shared.ts'

export const RouteEntity = z
  .object({
    id: Id,
    tenantId: Id,
    method: z.enum(gatewayMethods),
    pathPattern: z.string(),
    pathMatch: PathMatch,
    host: z.string().nullable(),
    serviceId: Id,
    ...routePolicy,
    enabled: z.boolean(),
    /** The builder's endpoint that this route publishes; null for one that somebody made. */
    endpointId: Id.nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    deletedAt: Timestamp.nullable(),
  })
  .meta({ id: 'GatewayRoute' })
export type RouteEntity = z.output<typeof RouteEntity>

const input = routePolicyInput
const Method = z.enum(gatewayMethods, `must be one of ${gatewayMethods.join(', ')}`)

/** Everything of a route but its service. */
export const routeFields = {
  method: Method,
  pathPattern: PathPattern,
  pathMatch: PathMatch.default('prefix'),
  host: HostName.nullable().default(null),
  authRequired: input.authRequired.default(false),
  rateLimitOverride: input.rateLimitOverride.default(null),
  enabled: z.boolean().default(true),
  stripPrefix: input.stripPrefix.default(false),
  timeoutMs: input.timeoutMs.default(null),
  bodySizeBytesMax: input.bodySizeBytesMax.default(null),
  retries: input.retries.default(0),
  cors: input.cors.default(null),
  addresses: input.addresses.default(null),
  requestHeaders: input.requestHeaders.default(null),
  responseHeaders: input.responseHeaders.default(null),
} as const

const RouteBody = z.object({ ...routeFields, serviceId: Id })
export type RouteInput = z.output<typeof RouteBody>

const RouteChangeBody = z.object({
  method: Method.optional(),
  pathPattern: PathPattern.optional(),
  pathMatch: PathMatch.optional(),
  host: HostName.nullable().optional(),
  serviceId: Id.optional(),
  authRequired: input.authRequired.optional(),
  rateLimitOverride: input.rateLimitOverride.optional(),
  enabled: z.boolean().optional(),
  stripPrefix: input.stripPrefix.optional(),
  timeoutMs: input.timeoutMs.optional(),
  bodySizeBytesMax: input.bodySizeBytesMax.optional(),
  retries: input.retries.optional(),
  cors: input.cors.optional(),
  addresses: input.addresses.optional(),
  requestHeaders: input.requestHeaders.optional(),
  responseHeaders: input.responseHeaders.optional(),
})
export type RouteChange = z.output<typeof RouteChangeBody>

const path = '/api/tenants/{tenantId}/routes'
const access = { organization: 'member' } as const

export const listGatewayRoutes = route({
  id: 'gatewayRoutes.list',
  method: 'GET',
  path,
  summary: 'List the routes of a tenant',
  access,
  params: TenantParams,
  query: ListQuery.extend({ serviceId: Id.optional() }),
  answers: { 200: z.array(RouteEntity) },
})

export const getGatewayRoute = route({
  id: 'gatewayRoutes.get',
  method: 'GET',
  path: `${path}/{id}`,
  summary: 'Get a route of a tenant',
  access,
  params: TenantItemParams,
  answers: { 200: RouteEntity },
  problems: ['gateway_routes.not_found'],
})

export const createGatewayRoute = route({
  id: 'gatewayRoutes.create',
  method: 'POST',
  path,
  summary: 'Create a route for a tenant',
  access,
  audit: 'gateway.route_created',
  params: TenantParams,
  query: WaitQuery,
  body: RouteBody,
  answers: { 201: RouteEntity },
  problems: ['gateway_services.not_found', 'gateway_routes.duplicate', 'gateway.limit_reached'],
})

const change = {
  path: `${path}/{id}`,
  access,
  audit: 'gateway.route_updated',
  params: TenantItemParams,
  query: WaitQuery,
  body: RouteChangeBody,
  answers: { 200: RouteEntity },
  problems: ['gateway_routes.not_found', 'gateway_services.not_found', 'gateway_routes.duplicate'],
} as const

export const updateGatewayRoute = route({
  ...change,
  id: 'gatewayRoutes.update',
  method: 'PUT',
  summary: 'Change a route of a tenant',
})

export const patchGatewayRoute = route({
  ...change,
  id: 'gatewayRoutes.patch',
  method: 'PATCH',
  summary: 'Change a route of a tenant, as PUT does',
})

export const deleteGatewayRoute = route({
  id: 'gatewayRoutes.delete',
  method: 'DELETE',
  path: `${path}/{id}`,
  summary: 'Delete a route of a tenant',
  access,
  audit: 'gateway.route_deleted',
  params: TenantItemParams,
  query: WaitQuery,
  answers: { 204: null },
  problems: ['gateway_routes.not_found'],
})

export const gatewayRouteRoutes = [
  listGatewayRoutes,
  getGatewayRoute,
  createGatewayRoute,
  updateGatewayRoute,
  patchGatewayRoute,
  deleteGatewayRoute,
] as const
