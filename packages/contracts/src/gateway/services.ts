import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { CircuitBreaker, ServiceTarget } from './config.ts'
import { TargetUrl } from './policies.ts'
import { ListQuery, TenantItemParams, TenantParams, WaitQuery } from './shared.ts'

export const ServiceEntity = z
  .object({
    id: Id,
    tenantId: Id,
    name: z.string(),
    /** The first target. */
    targetUrl: z.string(),
    targets: z.array(ServiceTarget),
    healthCheckPath: z.string(),
    timeoutMs: z.int(),
    circuitBreaker: CircuitBreaker.nullable(),
    isPlatform: z
      .boolean()
      .describe('This server, for published endpoints: a gateway reaches it where it is linked.'),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    deletedAt: Timestamp.nullable(),
  })
  .meta({ id: 'GatewayService' })
export type ServiceEntity = z.output<typeof ServiceEntity>

const Name = z.string().trim().min(1, 'must not be empty').max(120)
const Targets = z
  .array(z.object({ url: TargetUrl, weight: z.int().min(0).max(1_000).default(1) }))
  .min(1)
  .max(50)
  .refine((targets) => targets.some(({ weight }) => weight > 0), 'must have one with a weight above 0')
const HealthCheckPath = z
  .string()
  .max(500)
  .regex(/^\/[\x21-\x7e]*$/, 'must be a path such as /health')
const TimeoutMs = z.int().min(50).max(600_000)

/** `targets` may be left out: it is then `targetUrl` alone. */
const serviceFields = {
  name: Name,
  healthCheckPath: HealthCheckPath.default('/health'),
  timeoutMs: TimeoutMs.default(10_000),
  circuitBreaker: CircuitBreaker.nullable().default(null),
}
export const ServiceBody = z
  .object({ ...serviceFields, targetUrl: TargetUrl.optional(), targets: Targets.optional() })
  .refine(({ targetUrl, targets }) => targetUrl !== undefined || targets !== undefined, {
    path: ['targetUrl'],
    message: 'is missing: an address such as http://10.0.0.5:8080',
  })
export type ServiceInput = z.output<typeof ServiceBody>

const ServiceChangeBody = z.object({
  name: Name.optional(),
  targetUrl: TargetUrl.optional(),
  targets: Targets.optional(),
  healthCheckPath: HealthCheckPath.optional(),
  timeoutMs: TimeoutMs.optional(),
  circuitBreaker: CircuitBreaker.nullable().optional(),
})
export type ServiceChange = z.output<typeof ServiceChangeBody>

const path = '/api/tenants/{tenantId}/services'
const access = { organization: 'member' } as const

export const listServices = route({
  id: 'gatewayServices.list',
  method: 'GET',
  path,
  summary: 'List the services of a tenant',
  access,
  params: TenantParams,
  query: ListQuery,
  answers: { 200: z.array(ServiceEntity) },
})

export const getService = route({
  id: 'gatewayServices.get',
  method: 'GET',
  path: `${path}/{id}`,
  summary: 'Get a service of a tenant',
  access,
  params: TenantItemParams,
  answers: { 200: ServiceEntity },
  problems: ['gateway_services.not_found'],
})

export const createService = route({
  id: 'gatewayServices.create',
  method: 'POST',
  path,
  summary: 'Create a service for a tenant',
  access,
  audit: 'gateway.service_created',
  params: TenantParams,
  query: WaitQuery,
  body: ServiceBody,
  answers: { 201: ServiceEntity },
  problems: ['gateway_services.targets_conflict', 'gateway.limit_reached'],
})

const change = {
  path: `${path}/{id}`,
  access,
  audit: 'gateway.service_updated',
  params: TenantItemParams,
  query: WaitQuery,
  body: ServiceChangeBody,
  answers: { 200: ServiceEntity },
  problems: [
    'gateway_services.not_found',
    'gateway_services.targets_conflict',
    'gateway_services.targets_fixed',
  ],
} as const

export const updateService = route({
  ...change,
  id: 'gatewayServices.update',
  method: 'PUT',
  summary: 'Change a service of a tenant',
})

export const patchService = route({
  ...change,
  id: 'gatewayServices.patch',
  method: 'PATCH',
  summary: 'Change a service of a tenant, as PUT does',
})

export const deleteService = route({
  id: 'gatewayServices.delete',
  method: 'DELETE',
  path: `${path}/{id}`,
  summary: 'Delete a service; routes that point to it fail until they get another one',
  access,
  audit: 'gateway.service_deleted',
  params: TenantItemParams,
  query: WaitQuery,
  answers: { 204: null },
  problems: ['gateway_services.not_found'],
})

export const gatewayServiceRoutes = [
  listServices,
  getService,
  createService,
  updateService,
  patchService,
  deleteService,
] as const
