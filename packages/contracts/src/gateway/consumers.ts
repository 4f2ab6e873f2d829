import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { rateLimitTiers } from './config.ts'
import { ListQuery, TenantItemParams, TenantParams, WaitQuery } from './shared.ts'

export const ConsumerEntity = z
  .object({
    id: Id,
    tenantId: Id,
    name: z.string(),
    rateLimitTier: z.enum(rateLimitTiers),
    createdAt: Timestamp,
    revokedAt: Timestamp.nullable(),
  })
  .meta({ id: 'GatewayConsumer' })
export type ConsumerEntity = z.output<typeof ConsumerEntity>

/** `apiKey` is shown here and never again. */
export const ConsumerWithKey = ConsumerEntity.extend({ apiKey: secret(z.string()) }).meta({
  id: 'GatewayConsumerWithKey',
})

const Tier = z.enum(rateLimitTiers, `must be one of ${rateLimitTiers.join(', ')}`)
const Name = z.string().trim().min(1, 'must not be empty').max(120)
export const ConsumerBody = z.object({ name: Name, rateLimitTier: Tier.default('authenticated') })
export type ConsumerInput = z.output<typeof ConsumerBody>
const ConsumerChangeBody = z.object({ name: Name.optional(), rateLimitTier: Tier.optional() })
export type ConsumerChange = z.output<typeof ConsumerChangeBody>

const path = '/api/tenants/{tenantId}/consumers'
const access = { organization: 'member' } as const

export const listConsumers = route({
  id: 'gatewayConsumers.list',
  method: 'GET',
  path,
  summary: 'List the active consumers of a tenant',
  access,
  params: TenantParams,
  query: ListQuery,
  answers: { 200: z.array(ConsumerEntity) },
})

export const getConsumer = route({
  id: 'gatewayConsumers.get',
  method: 'GET',
  path: `${path}/{id}`,
  summary: 'Get an active consumer of a tenant',
  access,
  params: TenantItemParams,
  answers: { 200: ConsumerEntity },
  problems: ['gateway_consumers.not_found'],
})

export const createConsumer = route({
  id: 'gatewayConsumers.create',
  method: 'POST',
  path,
  summary: 'Create a consumer and its API key, which is shown once',
  access,
  audit: 'gateway.consumer_created',
  params: TenantParams,
  query: WaitQuery,
  body: ConsumerBody,
  answers: { 201: ConsumerWithKey },
  problems: ['gateway.limit_reached'],
})

const change = {
  path: `${path}/{id}`,
  access,
  audit: 'gateway.consumer_updated',
  params: TenantItemParams,
  query: WaitQuery,
  body: ConsumerChangeBody,
  answers: { 200: ConsumerEntity },
  problems: ['gateway_consumers.not_found'],
} as const

export const updateConsumer = route({
  ...change,
  id: 'gatewayConsumers.update',
  method: 'PUT',
  summary: 'Change the name or the tier of a consumer',
})

export const patchConsumer = route({
  ...change,
  id: 'gatewayConsumers.patch',
  method: 'PATCH',
  summary: 'Change a consumer, as PUT does',
})

export const revokeConsumer = route({
  id: 'gatewayConsumers.revoke',
  method: 'DELETE',
  path: `${path}/{id}`,
  summary: 'Revoke a consumer: its key stops working',
  access,
  audit: 'gateway.consumer_revoked',
  params: TenantItemParams,
  query: WaitQuery,
  answers: { 204: null },
  problems: ['gateway_consumers.not_found'],
})

export const gatewayConsumerRoutes = [
  listConsumers,
  getConsumer,
  createConsumer,
  updateConsumer,
  patchConsumer,
  revokeConsumer,
] as const
