import { z } from 'zod'
import { Id } from '../kit/id.ts'
import { pathMatches } from './match/pattern.ts'

/** What a gateway must know of its tenant, entity by entity, as it travels over the link and rests on the gateway's disk. */

export const gatewayMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY'] as const
export const rateLimitTiers = ['free', 'authenticated', 'premium', 'unlimited'] as const
export type RateLimitTier = (typeof rateLimitTiers)[number]

export const PathMatch = z.enum(pathMatches).meta({
  description:
    'What the pattern /users takes: prefix, also everything below it; exact, /users alone; record, also one record id (24 hexadecimal digits) below it.',
})

const HeaderName = z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/, 'must be a header name')
const HeaderValue = z
  .string()
  .max(4_000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must not hold control characters')
const AddressRange = z.string().max(60)

export const HeaderEdits = z
  .object({
    set: z.record(HeaderName, HeaderValue).default({}).describe('Replaces the header, or adds it.'),
    remove: z.array(HeaderName).max(50).default([]),
  })
  .meta({ id: 'GatewayHeaderEdits' })
export type HeaderEdits = z.output<typeof HeaderEdits>

export const CorsPolicy = z
  .object({
    origins: z.array(z.string().max(260)).min(1).max(100).describe('Exact origins, *.example.com, or *.'),
    methods: z.array(z.string().max(20)).max(20).default(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
    headers: z.array(HeaderName).max(50).default([]).describe('Empty: whatever the browser asks for.'),
    exposed: z.array(HeaderName).max(50).default([]),
    credentials: z.boolean().default(false),
    maxAgeSeconds: z.int().min(0).max(86_400).default(600),
  })
  .refine(({ origins, credentials }) => !(credentials && origins.includes('*')), {
    path: ['origins'],
    message: 'must name the origins when credentials are allowed',
  })
  .meta({ id: 'GatewayCorsPolicy' })
export type CorsPolicy = z.output<typeof CorsPolicy>

export const AddressRules = z
  .object({
    allow: z.array(AddressRange).max(500).default([]).describe('Empty: everybody who is not denied.'),
    deny: z.array(AddressRange).max(500).default([]),
  })
  .meta({ id: 'GatewayAddressRules' })
export type AddressRules = z.output<typeof AddressRules>

/** What a route asks of a request and does to it. */
export const routePolicy = {
  authRequired: z.boolean(),
  /** Requests a minute for each consumer (or address) on this route alone; null: the tier's own limit. */
  rateLimitOverride: z.int().min(1).max(10_000_000).nullable(),
  stripPrefix: z.boolean(),
  /** Null: the service's. */
  timeoutMs: z.int().min(50).max(600_000).nullable(),
  bodySizeBytesMax: z.int().min(0).max(10_737_418_240).nullable(),
  /** Further attempts for requests that may be repeated (RFC 9110 §9.2.2). */
  retries: z.int().min(0).max(5),
  cors: CorsPolicy.nullable(),
  addresses: AddressRules.nullable(),
  requestHeaders: HeaderEdits.nullable(),
  responseHeaders: HeaderEdits.nullable(),
} as const

export const RouteConfig = z.object({
  id: Id,
  method: z.enum(gatewayMethods),
  /** `:name` is one segment; a last `*` takes the rest. */
  pathPattern: z.string(),
  /** Missing in what an older control plane sent or an older gateway saved. */
  pathMatch: PathMatch.default('prefix'),
  /** Lower case, without a port; null: any. */
  host: z.string().nullable(),
  serviceId: Id,
  ...routePolicy,
  createdAt: z.string(),
})
export type RouteConfig = z.output<typeof RouteConfig>

export const ServiceTarget = z
  .object({ url: z.string().max(2_000), weight: z.int().min(0).max(1_000) })
  .meta({ id: 'GatewayServiceTarget' })
export type ServiceTarget = z.output<typeof ServiceTarget>

/** After so many failures in a row the service is left alone for a while; then one request may try. */
export const CircuitBreaker = z
  .object({ failures: z.int().min(1).max(1_000), openMs: z.int().min(100).max(600_000) })
  .meta({ id: 'GatewayCircuitBreaker' })

export const ServiceConfig = z.object({
  id: Id,
  name: z.string(),
  targets: z.array(ServiceTarget).min(1),
  healthCheckPath: z.string(),
  timeoutMs: z.int(),
  circuitBreaker: CircuitBreaker.nullable(),
  /**
   * The control plane itself, which alone may say so: a gateway reaches it where it is linked, whatever the targets say,
   * and no other service gets a credential of the platform.
   */
  isPlatform: z.literal(true).optional(),
})
export type ServiceConfig = z.output<typeof ServiceConfig>

export const ConsumerConfig = z.object({
  id: Id,
  name: z.string(),
  /** SHA-256 of the whole key, hexadecimal. */
  keyHash: z.string().regex(/^[0-9a-f]{64}$/),
  rateLimitTier: z.enum(rateLimitTiers),
})
export type ConsumerConfig = z.output<typeof ConsumerConfig>

/** A person of the tenant's organization: their platform tokens open routes that ask for a credential. */
export const MemberConfig = z.object({ id: Id })

/** Limits that hold for the whole tenant; `id` is the organization's. */
export const TenantSettings = z.object({
  id: Id,
  /** Requests a minute; null: no limit. */
  tiers: z.record(z.enum(rateLimitTiers), z.int().min(1).nullable()),
  /** Requests a minute from one address without a credential; null: no limit. */
  anonymousPerMinute: z.int().min(1).nullable(),
  bodySizeBytesMax: z.int().min(0),
  addresses: AddressRules.nullable(),
})
export type TenantSettings = z.output<typeof TenantSettings>

/** One schema for each kind of entity; adding a kind touches this line and the gateway's snapshot. */
export const entityKinds = {
  route: RouteConfig,
  service: ServiceConfig,
  consumer: ConsumerConfig,
  member: MemberConfig,
  settings: TenantSettings,
} as const
export type EntityKind = keyof typeof entityKinds
