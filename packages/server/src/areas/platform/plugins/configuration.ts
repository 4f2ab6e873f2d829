import type { PluginConfig } from '@holdfast/contracts/platform/plugins'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../audit/service.ts'
import { actingPlugin, readsAllPlugins } from './owner.ts'
import type { PluginsRepo } from './repo.ts'
import { mergedConfig, shownConfig } from './rules.ts'
import { openConfig, sealConfig } from './secrets.ts'

/**
 * What a plugin is configured with: free keys, sealed as a whole. The plugin reads all of it with its token, and nobody
 * else's; people see of secrets only that they are there. Each change raises the version, which heartbeats answer with.
 */
export interface PluginConfiguration {
  /** Throws plugins.not_found, auth.forbidden. */
  get(ctx: Context, id: string): Promise<PluginConfig>
  /** Replaces it; `has_<key>: true` keeps a secret. Throws plugins.not_found. */
  replace(ctx: Context, id: string, given: PluginConfig): Promise<PluginConfig>
}

interface Needs {
  repo: Pick<PluginsRepo, 'find' | 'findForUpdate' | 'setConfig'>
  envelope: Envelope
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
}

export function createPluginConfiguration(needs: Needs): PluginConfiguration {
  const { repo, envelope, database, audit, events, clock } = needs
  return {
    async get(ctx, id) {
      const acting = actingPlugin(ctx)
      if (acting === undefined && !readsAllPlugins(ctx)) throw problem('auth.forbidden')
      const plugin = acting === undefined || acting === id ? await repo.find(ctx, id) : undefined
      if (plugin === undefined) throw problem('plugins.not_found')
      const config = openConfig(envelope, plugin.configSealed)
      return acting === id ? config : shownConfig(config, plugin.manifest)
    },

    replace: (ctx, id, given) =>
      database.transaction(ctx, async (tx) => {
        const plugin = await repo.findForUpdate(tx, id)
        if (plugin === undefined) throw problem('plugins.not_found')
        const { name, manifest, configVersion } = plugin
        const { config, absent } = mergedConfig(given, openConfig(envelope, plugin.configSealed), manifest)
        if (absent.length > 0) {
          const message = 'says to keep a secret that is not there; enter one'
          const details = absent.map((key) => ({ path: `body.${key}`, message }))
          throw problem('request.invalid', { details })
        }
        const version = configVersion + 1
        await repo.setConfig(tx, id, sealConfig(envelope, config), version, clock.now())
        await events.append(tx, { type: 'plugin.updated', data: { id, name, configVersion: version } })
        const keys = Object.keys(config)
        await audit.append(tx, { target: { type: 'plugin', id }, details: { keys, version } })
        return shownConfig(config, manifest)
      }),
  }
}
