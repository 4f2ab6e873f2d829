import {
  type PluginChange,
  type PluginManifestInput,
  type WholeManifest,
} from '@holdfast/contracts/platform/plugin-manifest'
import { type Plugin, pluginsMax } from '@holdfast/contracts/platform/plugins'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Context } from '../../../context.ts'
import type { Outbound } from '../../../outbound/client.ts'
import { OutboundError } from '../../../outbound/errors.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { PluginTokens } from '../../identity/tokens/plugin-tokens.ts'
import type { AuditLog } from '../audit/service.ts'
import type { PluginWebhooks } from '../webhooks/plugin-webhooks.ts'
import { newSecret } from '../webhooks/secrets.ts'
import type { PluginsRepo, PluginState, StoredPlugin } from './repo.ts'
import { addressesOf, contradictionsOf, idFromName, manifestWith, shownPlugin } from './rules.ts'
import { openPluginSecret, sealConfig, sealPluginSecret } from './secrets.ts'

/**
 * Plugins: services that run elsewhere, known by a manifest.
 *
 * States: registered (nothing heard of it yet), active, inactive (somebody disabled it). Its first heartbeat makes a
 * registered one active. While it is not active it gets no events and no hook asks it; while it is inactive its token
 * opens nothing but heartbeats and its own configuration.
 * Invariants: token and signing secret are shown once; every address was admitted when it was saved and is looked at
 * again on every call; token, subscriptions and hooks end with the plugin.
 * Events: plugin.registered, plugin.updated, plugin.enabled, plugin.disabled, plugin.deleted.
 */
export interface Plugins {
  list(ctx: Context): Promise<Plugin[]>
  /** Throws plugins.not_found. */
  get(ctx: Context, id: string): Promise<Plugin>
  /** Throws plugins.id_taken, plugins.too_many, plugins.address_refused, tokens.beyond_own_rights. */
  register(ctx: Context, manifest: PluginManifestInput): Promise<RegisteredPlugin>
  /** Throws plugins.not_found, plugins.address_refused, tokens.beyond_own_rights. */
  update(ctx: Context, id: string, change: PluginChange): Promise<Plugin>
  /** Throws plugins.not_found. */
  remove(ctx: Context, id: string): Promise<void>
  enable(ctx: Context, id: string): Promise<Plugin>
  disable(ctx: Context, id: string): Promise<Plugin>
  /** The first heartbeat came; in its transaction. */
  activate(tx: Context, plugin: StoredPlugin): Promise<void>
  /** The old token works for `overlapMs` more. Throws plugins.not_found, tokens.beyond_own_rights. */
  rotateToken(ctx: Context, id: string, overlapMs: number): Promise<string>
}

export interface RegisteredPlugin {
  id: string
  token: string
  signingSecret: string
}

interface Needs {
  repo: PluginsRepo
  tokens: PluginTokens
  webhooks: PluginWebhooks
  outbound: Pick<Outbound, 'checkResolved'>
  envelope: Envelope
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
}

export function createPlugins(needs: Needs): Plugins {
  const { repo, tokens, webhooks, outbound, envelope, database, audit, events, clock } = needs

  async function check(manifest: WholeManifest): Promise<void> {
    const details = contradictionsOf(manifest)
    if (details.length > 0) throw problem('request.invalid', { details })
    for (const { path, url } of addressesOf(manifest)) {
      try {
        await outbound.checkResolved(url)
      } catch (error) {
        if (!(error instanceof OutboundError)) throw error
        const options = { sentence: error.message, details: [{ path, message: error.message }] }
        throw problem('plugins.address_refused', { ...options, cause: error })
      }
    }
  }

  async function existing(found: Promise<StoredPlugin | undefined>): Promise<StoredPlugin> {
    const plugin = await found
    if (plugin === undefined) throw problem('plugins.not_found')
    return plugin
  }

  const shown = async (ctx: Context, id: string) =>
    shownPlugin(await existing(repo.find(ctx, id)), clock.nowMs())

  const putWebhook = (tx: Context, { id, name, manifest, state, secretSealed }: StoredPlugin) =>
    webhooks.put(tx, {
      pluginId: id,
      name,
      url: manifest.url,
      events: manifest.events,
      enabled: state === 'active',
      secret: openPluginSecret(envelope, secretSealed),
    })

  async function enter(tx: Context, before: StoredPlugin, state: PluginState): Promise<void> {
    const { id, name } = before
    if (before.state !== state) {
      await repo.setState(tx, id, state, clock.now())
      await tokens.changed(tx, id)
      const type = state === 'active' ? 'plugin.enabled' : 'plugin.disabled'
      await events.append(tx, { type, data: { id, name } })
    }
    // Also when nothing changes here: the webhook may have been disabled because its address failed.
    await putWebhook(tx, { ...before, state })
  }

  const setState = (ctx: Context, id: string, state: PluginState): Promise<Plugin> =>
    database.transaction(ctx, async (tx) => {
      const before = await existing(repo.findForUpdate(tx, id))
      await enter(tx, before, state)
      await audit.append(tx, { target: { type: 'plugin', id }, details: { was: before.state } })
      return shown(tx, id)
    })

  return {
    list: async (ctx) => (await repo.list(ctx)).map((plugin) => shownPlugin(plugin, clock.nowMs())),

    get: shown,

    async register(ctx, { id: wantedId, name, version, ...given }) {
      const id = wantedId ?? idFromName(name)
      if (id === '') {
        const message = 'is needed: the name holds no letters or digits to make one from'
        throw problem('request.invalid', { details: [{ path: 'body.id', message }] })
      }
      const manifest = manifestWith(given)
      await check(manifest)
      const signingSecret = newSecret()
      const secretSealed = sealPluginSecret(envelope, signingSecret)
      const plugin = { id, name, version, manifest, secretSealed, configSealed: sealConfig(envelope, {}) }
      return database.transaction(ctx, async (tx) => {
        if ((await repo.lockedCount(tx)) >= pluginsMax) throw problem('plugins.too_many')
        if (!(await repo.insert(tx, plugin, clock.now()))) throw problem('plugins.id_taken')
        const token = await tokens.issue(tx, { id, name, scopes: manifest.scopes })
        await putWebhook(tx, await existing(repo.find(tx, id)))
        await events.append(tx, { type: 'plugin.registered', data: { id, name, version } })
        await audit.append(tx, { target: { type: 'plugin', id }, details: { name, version, ...manifest } })
        return { id, token, signingSecret }
      })
    },

    async update(ctx, id, change) {
      const before = await existing(repo.find(ctx, id))
      await check(manifestWith(change, before.manifest))
      return database.transaction(ctx, async (tx) => {
        const locked = await existing(repo.findForUpdate(tx, id))
        const manifest = manifestWith(change, locked.manifest)
        const { name = locked.name, version = locked.version } = change
        await repo.setManifest(tx, { id, name, version, manifest }, clock.now())
        if (manifest.scopes.toSorted().join() !== locked.manifest.scopes.toSorted().join())
          await tokens.setScopes(tx, id, manifest.scopes)
        await putWebhook(tx, { ...locked, name, manifest })
        await events.append(tx, { type: 'plugin.updated', data: { id, name, version } })
        await audit.append(tx, { target: { type: 'plugin', id }, details: { changed: Object.keys(change) } })
        return shown(tx, id)
      })
    },

    remove: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const plugin = await existing(repo.findForUpdate(tx, id))
        await tokens.changed(tx, id)
        await putWebhook(tx, { ...plugin, manifest: { ...plugin.manifest, url: null } })
        await repo.remove(tx, id)
        const { name, version } = plugin
        await events.append(tx, { type: 'plugin.deleted', data: { id, name } })
        await audit.append(tx, { target: { type: 'plugin', id }, details: { name, version } })
      }),

    enable: (ctx, id) => setState(ctx, id, 'active'),
    disable: (ctx, id) => setState(ctx, id, 'inactive'),
    activate: (tx, plugin) => enter(tx, plugin, 'active'),

    rotateToken: (ctx, id, overlapMs) =>
      database.transaction(ctx, async (tx) => {
        const { name, manifest } = await existing(repo.findForUpdate(tx, id))
        const { scopes } = manifest
        const token = await tokens.issue(tx, { id, name, scopes }, overlapMs)
        await events.append(tx, { type: 'plugin.token_issued', data: { id, name } })
        const overlapSeconds = overlapMs / 1000
        await audit.append(tx, { target: { type: 'plugin', id }, details: { scopes, overlapSeconds } })
        return token
      }),
  }
}
