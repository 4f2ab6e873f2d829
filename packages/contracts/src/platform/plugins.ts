import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { OverlapSeconds } from '../identity/tokens.ts'
import { manifestParts, PluginChange, PluginManifest } from './plugin-manifest.ts'

/** Plugins: services that run elsewhere and are known here by a manifest (reference 001). */

export const pluginsMax = 200

export const pluginStatuses = ['registered', 'active', 'inactive', 'unhealthy', 'error'] as const
export const pluginHealths = ['healthy', 'degraded', 'unhealthy', 'unknown'] as const
export type PluginHealth = (typeof pluginHealths)[number]

export const Plugin = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.string(),
    ...z.object(manifestParts).extend({ events: z.array(z.string()) }).shape,
    status: z.enum(pluginStatuses),
    health: z.enum(pluginHealths),
    /** Why it is not well, as a sentence. */
    health_message: z.string().nullable(),
    last_heartbeat_at: Timestamp.nullable(),
    checked_at: Timestamp.nullable(),
    has_token: z.boolean(),
    token_prefix: z.string().nullable(),
    /** Whom its token acts for. */
    token_owner: z.string().nullable(),
    /** The webhook that carries its events and after hooks. */
    webhook_id: z.string().nullable(),
    config_version: z.int(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Plugin' })
export type Plugin = z.output<typeof Plugin>

const access = { admin: true } as const
const params = z.object({ id: z.string().min(1).max(255) })
const refusals = ['plugins.address_refused', 'tokens.beyond_own_rights'] as const

export const listPlugins = route({
  id: 'plugins.list',
  method: 'GET',
  path: '/api/plugins',
  summary: 'List plugins',
  access,
  answers: { 200: ok(z.object({ plugins: z.array(Plugin), total: z.int() })) },
})

export const registerPlugin = route({
  id: 'plugins.register',
  method: 'POST',
  path: '/api/plugins',
  summary: 'Register a plugin by its manifest; its token and signing secret are shown once',
  access,
  audit: 'plugin.registered',
  body: PluginManifest,
  answers: {
    201: ok(
      z.object({
        status: z.literal('registered'),
        plugin_id: z.string(),
        token: secret(z.string()),
        signing_secret: secret(z.string()),
      }),
    ),
  },
  problems: ['plugins.id_taken', 'plugins.too_many', ...refusals],
})

export const getPlugin = route({
  id: 'plugins.get',
  method: 'GET',
  path: '/api/plugins/{id}',
  summary: 'Get a plugin with its health',
  access,
  params,
  answers: { 200: ok(Plugin) },
  problems: ['plugins.not_found'],
})

export const updatePlugin = route({
  id: 'plugins.update',
  method: 'PUT',
  path: '/api/plugins/{id}',
  summary: 'Change the manifest of a plugin',
  access,
  audit: 'plugin.updated',
  params,
  body: PluginChange,
  answers: { 200: ok(Plugin) },
  problems: ['plugins.not_found', ...refusals],
})

export const deletePlugin = route({
  id: 'plugins.delete',
  method: 'DELETE',
  path: '/api/plugins/{id}',
  summary: 'Remove a plugin with its token, subscriptions and hooks',
  access,
  audit: 'plugin.deleted',
  params,
  answers: { 200: Done },
  problems: ['plugins.not_found'],
})

export const enablePlugin = route({
  id: 'plugins.enable',
  method: 'POST',
  path: '/api/plugins/{id}/enable',
  summary: 'Let a plugin act: events, hooks and the scopes of its token',
  access,
  audit: 'plugin.enabled',
  params,
  answers: { 200: ok(Plugin) },
  problems: ['plugins.not_found'],
})

export const disablePlugin = route({
  id: 'plugins.disable',
  method: 'POST',
  path: '/api/plugins/{id}/disable',
  summary: 'Stop events, hooks and the scopes of a plugin; it may still send heartbeats',
  access,
  audit: 'plugin.disabled',
  params,
  answers: { 200: ok(Plugin) },
  problems: ['plugins.not_found'],
})

export const rotatePluginToken = route({
  id: 'plugins.rotateToken',
  method: 'POST',
  path: '/api/plugins/{id}/rotate-token',
  summary: 'Issue a new token for a plugin; the old one ends at once, or after an overlap',
  access,
  audit: 'plugin.token_issued',
  params,
  /** Without a body the old token ends at once. */
  body: z.object({ overlap_seconds: OverlapSeconds.default(0) }).default({ overlap_seconds: 0 }),
  answers: { 200: ok(z.object({ plugin_id: z.string(), token: secret(z.string()) })) },
  problems: ['plugins.not_found', 'tokens.beyond_own_rights'],
})

export const checkPlugin = route({
  id: 'plugins.check',
  method: 'POST',
  path: '/api/plugins/{id}/check',
  summary: 'Ask the health check of a plugin now',
  access,
  limit: 'write',
  audit: { none: 'It changes nothing but what is known about the health of the plugin.' },
  params,
  answers: { 200: ok(Plugin) },
  problems: ['plugins.not_found'],
})

const Heartbeat = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy', 'error']).default('healthy'),
  message: z.string().trim().max(500).optional(),
})
export type Heartbeat = z.output<typeof Heartbeat>

export const sendHeartbeat = route({
  id: 'plugins.heartbeat',
  method: 'POST',
  path: '/api/plugins/{id}/heartbeat',
  summary: 'Say that a plugin is there, and how it is; with the token of the plugin',
  access: { signedIn: true },
  openToPlugins: true,
  audit: { none: 'Plugins send one every minute or so; changes of their health are events.' },
  params,
  body: Heartbeat,
  answers: {
    200: ok(
      z.object({
        status: z.enum(pluginStatuses),
        config_version: z.int(),
        next_heartbeat_seconds: z.int(),
      }),
    ),
  },
  problems: ['plugins.not_found', 'plugins.token_required'],
})

const PluginConfig = z
  .record(z.string().min(1).max(255), z.json())
  .refine((config) => Object.keys(config).length <= 500, 'must have at most 500 keys')
  .refine((config) => JSON.stringify(config).length <= 65_536, 'must be at most 64 KiB as JSON')
export type PluginConfig = z.output<typeof PluginConfig>

export const getPluginConfig = route({
  id: 'plugins.getConfig',
  method: 'GET',
  path: '/api/plugins/{id}/config',
  summary: 'Get the configuration of a plugin; with its token, secrets included',
  access: { signedIn: true },
  openToPlugins: true,
  params,
  answers: { 200: ok(PluginConfig) },
  problems: ['plugins.not_found', 'auth.forbidden'],
})

export const updatePluginConfig = route({
  id: 'plugins.updateConfig',
  method: 'PUT',
  path: '/api/plugins/{id}/config',
  summary: 'Replace the configuration of a plugin; has_<key>: true keeps a secret',
  access,
  audit: 'plugin.configured',
  params,
  body: PluginConfig,
  answers: { 200: ok(PluginConfig) },
  problems: ['plugins.not_found'],
})

export const pluginRoutes = [
  listPlugins,
  registerPlugin,
  getPlugin,
  updatePlugin,
  deletePlugin,
  enablePlugin,
  disablePlugin,
  rotatePluginToken,
  checkPlugin,
  sendHeartbeat,
  getPluginConfig,
  updatePluginConfig,
] as const
