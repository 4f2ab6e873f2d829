import { z } from 'zod'
import { Scopes } from '../identity/token-scopes.ts'
import { webhookSubscriptions } from './webhooks.ts'

/** What a plugin says of itself when it is registered (reference 001). */

const PluginId = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and dashes')

/** Semantic Versioning 2.0.0, from its own regular expression. */
const Version = z
  .string()
  .max(64)
  .regex(
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
    'must be a semantic version such as 1.0.0',
  )

const PluginUrl = z
  .string()
  .trim()
  .max(2_000)
  .describe('http or https; public, unless the operator admits it.')
const names = (max: number) => z.array(z.string().trim().min(1).max(200)).max(max)

export const hookOperations = ['create', 'update', 'delete'] as const
export type HookOperation = (typeof hookOperations)[number]

const PluginHook = z.object({
  when: z.enum(['before', 'after']),
  endpoint: z
    .string()
    .max(300)
    .regex(/^\/[^?#\s]*$/, 'must be the path of an endpoint, such as /api/products'),
  operations: z.array(z.enum(hookOperations)).min(1).max(3),
  url: PluginUrl.optional().describe('Of a before hook; the plugin’s own address without it.'),
  timeout_ms: z.int().min(50).max(10_000).default(2_000).describe('How long a before hook may take.'),
  on_failure: z
    .enum(['open', 'closed'])
    .default('closed')
    .describe(
      'What happens to the request when a before hook fails: `open` lets it pass, `closed` refuses it.',
    ),
})
export type PluginHook = z.output<typeof PluginHook>

export const manifestParts = {
  description: z.string().trim().max(2_000),
  contracts: z.array(z.enum(['CommunicationPlugin', 'StoragePlugin', 'IdentityPlugin'])).max(3),
  traits: names(50),
  security: z.object({
    authentication_required: z.boolean().default(true),
    data_classification: z.enum(['public', 'internal', 'confidential', 'phi', 'pii']).default('internal'),
  }),
  compliance: z.object({
    hipaa_controls: names(100).default([]),
    audit_level: z.enum(['none', 'basic', 'detailed', 'complete']).default('basic'),
  }),
  dependencies: names(50),
  allowed_domains: names(50).describe('When there are any, its addresses must lie in them.'),
  endpoints: names(200),
  health_check: PluginUrl.nullable().describe('Asked every minute; 2xx is well.'),
  heartbeat_seconds: z.int().min(5).max(86_400),
  url: PluginUrl.nullable().describe('Where events and hooks are sent.'),
  events: z
    .array(z.enum(webhookSubscriptions, 'must be an event of GET /api/webhooks/events'))
    .max(200)
    .transform((events) => [...new Set(events)]),
  hooks: z.array(PluginHook).max(50),
  scopes: Scopes.describe('What its token may do; nothing without any.'),
  secret_keys: names(100).describe(
    'Keys of its configuration whose values people never see; those named like a password, secret, token or key never are.',
  ),
}

/** What an after hook is delivered as. */
export const afterHookEvents: Readonly<Record<HookOperation, string>> = {
  create: 'record.created',
  update: 'record.updated',
  delete: 'record.deleted',
}

export const PluginManifest = z.object({
  id: PluginId.optional().describe('Made from the name when absent.'),
  name: z.string().trim().min(1, 'must not be empty').max(120),
  version: Version,
  ...z.object(manifestParts).partial().shape,
})
export type PluginManifestInput = z.output<typeof PluginManifest>

export const PluginChange = PluginManifest.omit({ id: true }).partial()
export type PluginChange = z.output<typeof PluginChange>

/** A manifest with nothing left open. */
const WholeManifest = z.object(manifestParts)
export type WholeManifest = z.output<typeof WholeManifest>
