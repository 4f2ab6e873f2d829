import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { TenantItemParams, TenantParams } from './shared.ts'

/** What a gateway shows to be let in. The key itself is shown once, when it is made. */
export const GatewayKey = z
  .object({
    id: Id,
    label: z.string(),
    /** Its first characters, to tell keys apart. */
    prefix: z.string(),
    createdAt: Timestamp,
    /** Set by a rotation: until then the replaced key still works. */
    expiresAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable(),
  })
  .meta({ id: 'GatewayKey' })
export type GatewayKey = z.output<typeof GatewayKey>

export const IssuedGatewayKey = GatewayKey.extend({ gatewayApiKey: secret(z.string()) }).meta({
  id: 'IssuedGatewayKey',
})

const Label = z.string().trim().min(1, 'must not be empty').max(80)
const Rotation = z.object({
  overlapSeconds: z.int().min(0).max(604_800).default(3_600).meta({
    description: 'How long the replaced key still works; 0 ends it, and the links made with it, at once.',
  }),
})

const path = '/api/tenants/{tenantId}/keys'
const access = { organization: 'admin' } as const

export const listGatewayKeys = route({
  id: 'gatewayKeys.list',
  method: 'GET',
  path,
  summary: 'List the gateway keys of a tenant that still work',
  access,
  params: TenantParams,
  answers: { 200: z.array(GatewayKey) },
})

export const createGatewayKey = route({
  id: 'gatewayKeys.create',
  method: 'POST',
  path,
  summary: 'Create a gateway key, which is shown once',
  access,
  audit: 'gateway.key_created',
  params: TenantParams,
  body: z.object({ label: Label }),
  answers: { 201: IssuedGatewayKey },
  problems: ['gateway.limit_reached'],
})

export const rotateGatewayKey = route({
  id: 'gatewayKeys.rotate',
  method: 'POST',
  path: `${path}/{id}/rotate`,
  summary: 'Replace a gateway key; the old one works for a while',
  access,
  audit: 'gateway.key_rotated',
  params: TenantItemParams,
  body: Rotation,
  answers: { 201: IssuedGatewayKey },
  problems: ['gateway_keys.not_found', 'gateway.limit_reached'],
})

export const revokeGatewayKey = route({
  id: 'gatewayKeys.revoke',
  method: 'DELETE',
  path: `${path}/{id}`,
  summary: 'Revoke a gateway key and end the links made with it',
  access,
  audit: 'gateway.key_revoked',
  params: TenantItemParams,
  answers: { 204: null },
  problems: ['gateway_keys.not_found'],
})

export const rotateTenantKey = route({
  id: 'tenants.rotateKey',
  method: 'POST',
  path: '/api/tenants/{tenantId}/rotate-key',
  summary: 'Replace all gateway keys of a tenant by one new key',
  access,
  audit: 'gateway.key_rotated',
  params: TenantParams,
  body: Rotation,
  answers: { 201: IssuedGatewayKey },
})

export const gatewayKeyRoutes = [
  listGatewayKeys,
  createGatewayKey,
  rotateGatewayKey,
  revokeGatewayKey,
  rotateTenantKey,
] as const
