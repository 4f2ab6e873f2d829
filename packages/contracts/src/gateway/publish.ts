import { z } from 'zod'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { RouteEntity } from './routes.ts'
import { TenantParams, WaitQuery } from './shared.ts'

/**
 * Publishing an endpoint of the builder: a route with its method, path and access rules, to a service that is this
 * server. It follows the endpoint from then on, and goes when the endpoint does.
 */
export const publishEndpoint = route({
  id: 'gateway.publish',
  method: 'POST',
  path: '/api/tenants/{tenantId}/publish',
  summary: 'Publish an endpoint of the builder through the gateway',
  access: { organization: 'member' },
  audit: 'gateway.endpoint_published',
  params: TenantParams,
  query: WaitQuery,
  body: z.object({ endpointId: Id }),
  answers: { 201: RouteEntity },
  problems: [
    'auth.forbidden',
    'endpoints.not_found',
    'gateway_publications.impossible',
    'gateway_routes.duplicate',
    'gateway.limit_reached',
  ],
})

export const unpublishEndpoint = route({
  id: 'gateway.unpublish',
  method: 'DELETE',
  path: '/api/tenants/{tenantId}/publish/{endpointId}',
  summary: 'Take an endpoint of the builder off the gateway',
  access: { organization: 'member' },
  audit: 'gateway.endpoint_unpublished',
  params: TenantParams.extend({ endpointId: Id }),
  query: WaitQuery,
  answers: { 204: null },
  problems: ['gateway_publications.not_found'],
})

export const publicationRoutes = [publishEndpoint, unpublishEndpoint] as const
