import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import { storableJson } from '../../../storable.ts'
import type { Events } from '../../../work/events/service.ts'
import type { DeliveriesRepo } from './deliveries/repo.ts'
import type { EngineRepo, RunStatement } from './engine/repo.ts'
import type { WebhooksRepo } from './repo.ts'
import { deliveryBody } from './rules.ts'
import { sealHeaders, sealSecret } from './secrets.ts'

/** Webhooks that carry the events and after hooks of plugins. They are listed with the others and change with the plugin alone. */
export interface PluginWebhooks {
  /** In the transaction of the plugin's change. Without an address there is none. */
  put(ctx: Context, wanted: WantedWebhook): Promise<void>
  /** Ids by plugin. */
  ids(ctx: Context): Promise<ReadonlyMap<string, string>>
  /** Queues one occurrence for each of these plugins that are told of things, in the transaction of `run`. */
  deliver(
    run: RunStatement,
    pluginIds: readonly string[],
    occurrence: { event: string; data: unknown },
  ): Promise<void>
}

export interface WantedWebhook {
  pluginId: string
  name: string
  url: string | null
  events: readonly string[]
  enabled: boolean
  secret: string
}

interface Needs {
  repo: Pick<WebhooksRepo, 'findOfPlugin' | 'idsOfPlugins' | 'put' | 'remove'>
  deliveries: Pick<DeliveriesRepo, 'failPending'>
  engine: Pick<EngineRepo, 'deliverToPlugins'>
  events: Pick<Events, 'append'>
  envelope: Envelope
  clock: Clock
  ids: Ids
}

export function createPluginWebhooks({
  repo,
  deliveries,
  engine,
  events,
  envelope,
  clock,
  ids,
}: Needs): PluginWebhooks {
  return {
    async put(ctx, { pluginId, name, url, events: wanted, enabled, secret }) {
      const before = await repo.findOfPlugin(ctx, pluginId)
      if (url === null) {
        if (before === undefined) return
        await repo.remove(ctx, before.id)
        await events.append(ctx, { type: 'webhook.deleted', data: { id: before.id, name: before.name } })
        return
      }
      const at = clock.now().toISOString()
      const isEnabledNow = enabled && before?.enabled !== true
      const webhook = {
        id: before?.id ?? ids.uuid(),
        name: `Plugin ${name}`,
        url,
        events: [...wanted],
        enabled,
        ordered: false,
        secretSealed: before?.secretSealed ?? sealSecret(envelope, secret),
        previousSecretSealed: null,
        previousSecretUntil: null,
        headerNames: [],
        headersSealed: before?.headersSealed ?? sealHeaders(envelope, {}),
        disabledReason: isEnabledNow ? null : (before?.disabledReason ?? null),
        pluginId,
        failingSince: isEnabledNow ? null : (before?.failingSince ?? null),
        lastTriggeredAt: before?.lastTriggeredAt ?? null,
        lastStatus: before?.lastStatus ?? null,
        createdAt: before?.createdAt ?? at,
        updatedAt: at,
      }
      await repo.put(ctx, webhook)
      if (!enabled) await deliveries.failPending(ctx, webhook.id, 'The plugin was disabled.', clock.now())
      const type = before === undefined ? 'webhook.created' : 'webhook.updated'
      await events.append(ctx, { type, data: { id: webhook.id, name: webhook.name } })
    },

    ids: (ctx) => repo.idsOfPlugins(ctx),

    async deliver(run, pluginIds, { event, data }) {
      const at = clock.now()
      const body = deliveryBody(event, at.toISOString(), storableJson(data))
      const deliveryIds = pluginIds.map((pluginId) => ({ pluginId, id: ids.uuid() }))
      await engine.deliverToPlugins(run, deliveryIds, { id: ids.uuid(), type: event, body }, at)
    },
  }
}
