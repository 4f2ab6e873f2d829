import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { rateLimitTiers, TenantSettings } from './config.ts'
import { AddressRulesInput } from './policies.ts'
import { TenantParams, WaitQuery } from './shared.ts'

/** An organization as reference 002 calls it, with what its gateway is about. */
export const Tenant = z
  .object({
    id: Id,
    name: z.string(),
    /** The owner's. */
    email: z.string().nullable(),
    planId: z.string(),
    /** The newest revision of the configuration; 0 before there is one. */
    gatewayConfigVersion: z.int(),
    /** When one of its gateways was last heard of. */
    lastSeen: Timestamp.nullable(),
    createdAt: Timestamp,
    /** What whoever asks is in it. */
    role: z.enum(['owner', 'admin', 'member']),
    counts: z.object({ services: z.int(), routes: z.int(), consumers: z.int() }),
  })
  .meta({ id: 'Tenant' })
export type Tenant = z.output<typeof Tenant>

/** A tenant as somebody who belongs to several chooses among them. */
export const TenantChoice = Tenant.pick({ id: true, name: true, role: true }).meta({ id: 'TenantChoice' })
export type TenantChoice = z.output<typeof TenantChoice>

export const Settings = TenantSettings.omit({ id: true }).meta({ id: 'TenantGatewaySettings' })
export type Settings = z.output<typeof Settings>

const PerMinute = z.int().min(1).max(10_000_000).nullable()
export const SettingsChangeBody = z.object({
  tiers: z
    .partialRecord(z.enum(rateLimitTiers), PerMinute)
    .optional()
    .meta({ description: 'Requests a minute of each consumer, by tier; null: no limit.' }),
  anonymousPerMinute: PerMinute.optional(),
  bodySizeBytesMax: z.int().min(0).max(10_737_418_240).optional(),
  addresses: AddressRulesInput.nullable().optional(),
})
export type SettingsChange = z.output<typeof SettingsChangeBody>

/** A gateway process that has connected with one of the tenant's keys. */
export const GatewayEntity = z
  .object({
    id: Id,
    keyId: Id,
    hostname: z.string().nullable(),
    version: z.string().nullable(),
    address: z.string().nullable(),
    online: z.boolean(),
    connectedAt: Timestamp.nullable(),
    lastSeenAt: Timestamp.nullable(),
    appliedRevision: z.int().nullable(),
    /** Revisions that it has not put into force. */
    behind: z.int(),
    /** Telemetry that it had to drop because its buffer was full. */
    droppedEvents: z.int(),
    /** How its process before this one ended: after a crash some telemetry is missing. Null: it did not say. */
    previousEnd: z.enum(['stop', 'crash']).nullable(),
  })
  .meta({ id: 'Gateway' })
export type GatewayEntity = z.output<typeof GatewayEntity>

const path = '/api/tenants/{tenantId}'

export const listTenants = route({
  id: 'tenants.list',
  method: 'GET',
  path: '/api/tenants',
  summary: 'List the tenants that whoever asks belongs to',
  access: { signedIn: true },
  answers: { 200: z.array(TenantChoice) },
})

export const getTenant = route({
  id: 'tenants.get',
  method: 'GET',
  path,
  summary: 'Get a tenant',
  access: { organization: 'member' },
  params: TenantParams,
  answers: { 200: Tenant },
})

export const listGateways = route({
  id: 'tenants.gateways',
  method: 'GET',
  path: `${path}/gateways`,
  summary: 'List the gateways of a tenant and the revision that each has applied',
  access: { organization: 'member' },
  params: TenantParams,
  answers: { 200: z.array(GatewayEntity) },
})

export const getTenantSettings = route({
  id: 'tenants.settings',
  method: 'GET',
  path: `${path}/settings`,
  summary: 'Get what holds for all routes of a tenant',
  access: { organization: 'member' },
  params: TenantParams,
  answers: { 200: Settings },
})

const change = {
  path: `${path}/settings`,
  access: { organization: 'admin' },
  audit: 'gateway.settings_updated',
  params: TenantParams,
  query: WaitQuery,
  body: SettingsChangeBody,
  answers: { 200: Settings },
} as const

export const updateTenantSettings = route({
  ...change,
  id: 'tenants.updateSettings',
  method: 'PUT',
  summary: 'Change what holds for all routes of a tenant',
})

export const patchTenantSettings = route({
  ...change,
  id: 'tenants.patchSettings',
  method: 'PATCH',
  summary: 'Change the settings of a tenant, as PUT does',
})

export const tenantRoutes = [
  listTenants,
  getTenant,
  listGateways,
  getTenantSettings,
  updateTenantSettings,
  patchTenantSettings,
] as const
