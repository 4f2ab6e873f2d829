import { z } from 'zod'
import { Done, offsetPage, ok, page, pageQuery, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { permissionNames } from '../permissions.ts'
import { Message } from './auth-v1.ts'
import { Scopes } from './token-scopes.ts'

/**
 * One thing with three faces: API keys (reference 000), service tokens with scopes (001) and API tokens (004). Each acts
 * for the user who made it, with what its scopes and that user's permissions both allow.
 */

const TokenName = z.string().trim().min(1, 'must not be empty').max(120, 'must have at most 120 characters')

const addressMessage = 'must be an address or a range, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32'
const Addresses = z
  .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], addressMessage))
  .max(50, 'must name at most 50 addresses')

/** Seconds from now; ten years at most. */
const LifetimeSeconds = z.int().min(60, 'must be at least 60 seconds').max(315_360_000)
const ShownOnce = secret(z.string())
/** How long the old secret still works beside the new one; a week at most. */
export const OverlapSeconds = z
  .int('must be a whole number of seconds')
  .min(0, 'must not be negative')
  .max(604_800, 'must be a week (604800) at most')

export const ApiKey = z
  .object({
    _id: Id,
    id: Id,
    name: z.string(),
    /** The first characters: enough to recognise a key, worth nothing. */
    prefix: z.string(),
    permissions: z.array(z.enum(permissionNames)),
    userId: Id,
    /** Works from these alone; from anywhere when there are none. */
    allowedAddresses: z.array(z.string()),
    expiresAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable(),
    lastUsedIp: z.string().nullable(),
    /** Not used for 30 days. */
    unused: z.boolean(),
    /** Until when the key from before the last rotation still works. */
    previousUntil: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'ApiKey' })

export const listApiKeys = route({
  id: 'apiKeys.list',
  method: 'GET',
  path: '/api/api-keys',
  summary: 'List your API keys; administrators see all',
  access: { permission: 'manage_api' },
  answers: { 200: ok(z.array(ApiKey)) },
})

export const createApiKey = route({
  id: 'apiKeys.create',
  method: 'POST',
  path: '/api/api-keys',
  summary: 'Create an API key; it is shown once',
  access: { permission: 'manage_api' },
  audit: 'token.created',
  body: z.object({
    name: TokenName,
    permissions: z
      .array(z.enum(permissionNames, `must be one of ${permissionNames.join(', ')}`))
      .max(100)
      .transform((names) => [...new Set(names)])
      .default(['view']),
    expiresAt: Timestamp.nullable().optional(),
    allowedAddresses: Addresses.default([]),
  }),
  answers: { 201: ok(ApiKey.extend({ key: ShownOnce })) },
  problems: ['tokens.beyond_own_rights', 'tokens.too_many'],
})

export const deleteApiKey = route({
  id: 'apiKeys.delete',
  method: 'DELETE',
  path: '/api/api-keys/{id}',
  summary: 'Delete an API key; it stops at once',
  access: { permission: 'manage_api' },
  audit: 'token.revoked',
  params: z.object({ id: Id }),
  answers: { 200: Done },
  problems: ['tokens.not_found'],
})

export const ServiceToken = z
  .object({
    id: Id,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    allowed_addresses: z.array(z.string()),
    owner: z.object({ id: Id, username: z.string() }),
    created_at: Timestamp,
    expires_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable(),
    last_used_ip: z.string().nullable(),
    /** Not used for 30 days. */
    unused: z.boolean(),
    /** Until when the secret from before the last rotation still works. */
    previous_until: Timestamp.nullable(),
  })
  .meta({ id: 'ServiceToken' })
export type ServiceToken = z.output<typeof ServiceToken>

export const rotateApiKey = route({
  id: 'apiKeys.rotate',
  method: 'POST',
  path: '/api/api-keys/{id}/rotate',
  summary: 'Give an API key a new secret; the old one works on for a while',
  access: { permission: 'manage_api' },
  audit: 'token.rotated',
  params: z.object({ id: Id }),
  body: z.object({ overlapSeconds: OverlapSeconds.default(86_400) }),
  answers: { 200: ok(ApiKey.extend({ key: ShownOnce })) },
  problems: ['tokens.not_found', 'tokens.beyond_own_rights'],
})

const Issued = ServiceToken.extend({ token: ShownOnce })

const TokenBody = z.object({
  name: TokenName,
  scopes: Scopes.refine((scopes) => scopes.length > 0, 'must name at least one scope'),
  expires_in: LifetimeSeconds.nullable().optional(),
  allowed_addresses: Addresses.default([]),
})

const RotateBody = z.object({ overlap_seconds: OverlapSeconds.default(86_400) })

const rotateProblems = ['tokens.not_found', 'tokens.beyond_own_rights'] as const

export const listTokens = route({
  id: 'tokens.list',
  method: 'GET',
  path: '/api/tokens',
  summary: 'List the API tokens of everybody, newest first',
  access: { admin: true },
  query: pageQuery(50, 200).extend({
    /** Only those that nobody has used for 30 days. */
    unused: z.enum(['true', 'false']).optional(),
  }),
  answers: { 200: page(ServiceToken) },
})

export const createToken = route({
  id: 'tokens.create',
  method: 'POST',
  path: '/api/tokens',
  summary: 'Create a token with scopes; it is shown once',
  access: { admin: true },
  audit: 'token.created',
  body: TokenBody,
  answers: { 201: ok(Issued) },
  problems: ['tokens.beyond_own_rights', 'tokens.too_many'],
})

export const rotateToken = route({
  id: 'tokens.rotate',
  method: 'POST',
  path: '/api/tokens/{id}/rotate',
  summary: 'Give a token a new secret; the old one works on for a while',
  access: { admin: true },
  audit: 'token.rotated',
  params: z.object({ id: Id }),
  body: RotateBody,
  answers: { 200: ok(Issued) },
  problems: rotateProblems,
})

export const deleteToken = route({
  id: 'tokens.delete',
  method: 'DELETE',
  path: '/api/tokens/{id}',
  summary: 'Revoke a token; it stops at once',
  access: { admin: true },
  audit: 'token.revoked',
  params: z.object({ id: Id }),
  answers: { 200: Done },
  problems: ['tokens.not_found'],
})

const offsetQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
})

export const listApiTokens = route({
  id: 'apiTokens.list',
  method: 'GET',
  path: '/v1/api-tokens',
  summary: 'List your own API tokens',
  access: { signedIn: true },
  query: offsetQuery,
  answers: { 200: offsetPage(ServiceToken) },
})

export const getApiToken = route({
  id: 'apiTokens.get',
  method: 'GET',
  path: '/v1/api-tokens/{id}',
  summary: 'Get one of your API tokens; administrators get any',
  access: { signedIn: true },
  params: z.object({ id: Id }),
  answers: { 200: ServiceToken },
  problems: ['tokens.not_found'],
})

export const createApiToken = route({
  id: 'apiTokens.create',
  method: 'POST',
  path: '/v1/api-tokens',
  summary: 'Create an API token; it is shown once',
  access: { signedIn: true },
  audit: 'token.created',
  body: TokenBody.extend({
    /** Without them the token may do whatever you may. */
    scopes: TokenBody.shape.scopes.optional(),
  }),
  answers: { 201: Issued },
  problems: ['tokens.beyond_own_rights', 'tokens.too_many'],
})

export const rotateApiToken = route({
  id: 'apiTokens.rotate',
  method: 'POST',
  path: '/v1/api-tokens/{id}/rotate',
  summary: 'Give your token a new secret; the old one works on for a while',
  access: { signedIn: true },
  audit: 'token.rotated',
  params: z.object({ id: Id }),
  body: RotateBody,
  answers: { 200: Issued },
  problems: rotateProblems,
})

export const deleteApiToken = route({
  id: 'apiTokens.delete',
  method: 'DELETE',
  path: '/v1/api-tokens/{id}',
  summary: 'Delete your API token; it stops at once',
  access: { signedIn: true },
  audit: 'token.revoked',
  params: z.object({ id: Id }),
  answers: { 200: Message },
  problems: ['tokens.not_found'],
})

export const tokenRoutes = [
  listApiKeys,
  createApiKey,
  rotateApiKey,
  deleteApiKey,
  listTokens,
  createToken,
  rotateToken,
  deleteToken,
  listApiTokens,
  getApiToken,
  createApiToken,
  rotateApiToken,
  deleteApiToken,
] as const
