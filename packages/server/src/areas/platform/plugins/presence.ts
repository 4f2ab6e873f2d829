import type { Heartbeat, Plugin } from '@holdfast/contracts/platform/plugins'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Outbound } from '../../../outbound/client.ts'
import { OutboundError } from '../../../outbound/errors.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { JobHandler } from '../../../work/jobs/service.ts'
import type { Schedule } from '../../../work/schedules/service.ts'
import type { Notifications } from '../notifications/service.ts'
import { refuseOthers } from './owner.ts'
import type { PluginsRepo, StoredPlugin } from './repo.ts'
import { healthOf, shownPlugin, statusOf } from './rules.ts'
import type { Plugins } from './service.ts'

/**
 * Whether plugins are there, and well: what their heartbeats say, how old those are, and what their health checks answer.
 * A change is told once, as plugin.health_changed and, for the worse, as a notification.
 */
export interface Presence {
  /** With the plugin's own token. Throws plugins.not_found, plugins.token_required. */
  heartbeat(ctx: Context, id: string, heartbeat: Heartbeat): Promise<HeartbeatAnswer>
  /** Asks the health check now. Throws plugins.not_found. */
  check(ctx: Context, id: string): Promise<Plugin>
  /** Every minute, for all of them. */
  job: JobHandler
  schedule: Schedule
}

interface HeartbeatAnswer {
  status: Plugin['status']
  config_version: number
  next_heartbeat_seconds: number
}

interface Needs {
  repo: PluginsRepo
  plugins: Pick<Plugins, 'activate'>
  notifications: Pick<Notifications, 'add'>
  outbound: Pick<Outbound, 'request'>
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<Events, 'append'>
  clock: Clock
}

const checkTimeoutMs = 5_000
const atOnceMax = 8
const jobName = 'platform.plugin_checks'

export function createPresence(needs: Needs): Presence {
  const { repo, plugins, notifications, outbound, database, events, clock } = needs

  /** Tells when a plugin is no longer as it was last told. */
  async function tell(tx: Context, plugin: StoredPlugin): Promise<void> {
    const { id, name, state } = plugin
    const { health, message } = healthOf(plugin, clock.nowMs())
    if (health === plugin.health || health === 'unknown') return
    await repo.setHealth(tx, id, health)
    await events.append(tx, { type: 'plugin.health_changed', data: { id, name, health, message } })
    if (health === 'unhealthy' && state === 'active')
      await notifications.add(tx, {
        permission: 'manage_api',
        kind: 'plugin.unhealthy',
        title: `The plugin ${name} is not well`,
        message: message ?? 'Look at its page.',
        link: `/admin/plugins/${id}`,
      })
  }

  /** Why the health check does not say that all is well, or null. */
  async function ask(url: string, signal: AbortSignal): Promise<string | null> {
    try {
      const request = { method: 'GET', url, timeoutMs: checkTimeoutMs, responseBytesMax: 1_024, signal }
      const { status } = await outbound.request(request)
      return status >= 200 && status < 300 ? null : `Its health check answered ${status}.`
    } catch (error) {
      if (!(error instanceof OutboundError) || error.failure === 'cancelled') throw error
      return error.message
    }
  }

  async function checkOne(ctx: Context, { id, manifest }: StoredPlugin): Promise<void> {
    const { health_check: url } = manifest
    const error = url === null ? null : await ask(url, ctx.signal)
    await database.transaction(ctx, async (tx) => {
      if (url !== null) await repo.setCheck(tx, id, error, clock.now())
      const plugin = await repo.findForUpdate(tx, id)
      if (plugin !== undefined) await tell(tx, plugin)
    })
  }

  return {
    heartbeat: (ctx, id, { status, message }) => {
      refuseOthers(ctx, id)
      return database.transaction(ctx, async (tx) => {
        const before = await repo.findForUpdate(tx, id)
        if (before === undefined) throw problem('plugins.not_found')
        await repo.setHeartbeat(tx, id, { reported: status, message: message ?? null, at: clock.now() })
        if (before.state === 'registered') await plugins.activate(tx, before)
        const plugin = await repo.find(tx, id)
        if (plugin === undefined) throw problem('plugins.not_found')
        await tell(tx, plugin)
        return {
          status: statusOf(plugin, healthOf(plugin, clock.nowMs()).health),
          config_version: plugin.configVersion,
          next_heartbeat_seconds: plugin.manifest.heartbeat_seconds,
        }
      })
    },

    async check(ctx, id) {
      const plugin = await repo.find(ctx, id)
      if (plugin === undefined) throw problem('plugins.not_found')
      await checkOne(ctx, plugin)
      return shownPlugin((await repo.find(ctx, id)) ?? plugin, clock.nowMs())
    },

    job: {
      name: jobName,
      attemptsMax: 1,
      async run(ctx) {
        const waiting = (await repo.list(ctx)).filter(({ state }) => state !== 'inactive')
        const work = async () => {
          for (let plugin = waiting.pop(); plugin !== undefined; plugin = waiting.pop())
            await checkOne(ctx, plugin)
        }
        await Promise.all(Array.from({ length: atOnceMax }, work))
      },
    },

    schedule: {
      name: jobName,
      cron: '* * * * *',
      timeZone: 'UTC',
      job: jobName,
      payload: {},
      missed: 'skip',
      enabled: true,
    },
  }
}
