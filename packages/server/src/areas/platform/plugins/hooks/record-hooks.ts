import { afterHookEvents, type HookOperation } from '@holdfast/contracts/platform/plugin-manifest'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { Outbound } from '../../../../outbound/client.ts'
import type { EventSubscriber } from '../../../../work/events/delivery/feed.ts'
import type { EventTypes } from '../../../../work/events/stored.ts'
import { createLoop } from '../../../../work/loop.ts'
import type { RunStatement } from '../../webhooks/engine/repo.ts'
import type { PluginWebhooks } from '../../webhooks/plugin-webhooks.ts'
import type { PluginsRepo } from '../repo.ts'
import { createAskHook } from './ask.ts'
import { type HooksOfOperation, type HookTable, hookTableOf } from './table.ts'

/**
 * Hooks of plugins on the records of endpoints. A before hook agrees, refuses or changes the body; an after hook is
 * delivered through the webhook engine. Which endpoint has any is known without a question: a change of plugins reaches
 * every replica as an event.
 */
export interface RecordHooks {
  /** `path` is an endpoint's without parameters. Null when nobody asks, which is a look at a null. */
  of(path: string, operation: HookOperation): HooksOfOperation | null
  /** Asks one after the other. Throws records.refused_by_plugin, records.plugin_unavailable. */
  before(
    hooks: HooksOfOperation['before'],
    change: RecordChange,
    signal: AbortSignal,
  ): Promise<{ body: unknown }>
  /** Queues the deliveries in the transaction of the change, which `run` belongs to. */
  after(
    run: RunStatement,
    pluginIds: HooksOfOperation['after'],
    change: RecordChange,
    result: unknown,
  ): Promise<void>
  part: Part
}

/** A change of records that somebody asks for. */
export interface RecordChange {
  operation: HookOperation
  endpoint: { id: string; method: string; path: string }
  /** Null for a new record, or several. */
  recordId: string | null
  /** As it was sent. */
  body: unknown
  /** The record as whoever asks sees it now. */
  current: unknown
  user: { id: string; login: string } | null
}

interface Needs {
  repo: Pick<PluginsRepo, 'list'>
  webhooks: Pick<PluginWebhooks, 'deliver'>
  subscribe(types: EventTypes, subscriber: EventSubscriber): () => void
  outbound: Pick<Outbound, 'request'>
  envelope: Pick<Envelope, 'open'>
  clock: Clock
  ids: Ids
  logger: Logger
}

const refreshEveryMs = 30_000
const retryEveryMs = 1_000

export function createRecordHooks(needs: Needs): RecordHooks {
  const { repo, webhooks, subscribe, clock, logger } = needs
  const ask = createAskHook(needs)
  let table: HookTable | null = null
  let unsubscribe: (() => void) | undefined

  async function refresh(): Promise<void> {
    table = hookTableOf(await repo.list({}))
  }

  // A hook that is not known here does not guard here: a change is read until it has been, and now and then unasked.
  const loop = createLoop({
    clock,
    retryMs: retryEveryMs,
    work: async () => {
      await refresh()
      return refreshEveryMs
    },
    onError: (error) => logger.error({ err: error }, 'Hooks of plugins could not be read; trying again'),
  })

  return {
    of(path, operation) {
      if (table === null) return null
      const hooks = table.get(path)?.[operation]
      return hooks === undefined || hooks.before.length + hooks.after.length === 0 ? null : hooks
    },

    async before(hooks, change, signal) {
      let { body } = change
      for (const hook of hooks) {
        const verdict = await ask(
          hook,
          `record.before_${change.operation}`,
          factsOf({ ...change, body }),
          signal,
        )
        if (verdict?.body !== undefined) body = verdict.body
      }
      return { body }
    },

    async after(run, pluginIds, change, result) {
      const { body: _, current: __, ...facts } = factsOf(change)
      const event = afterHookEvents[change.operation]
      await webhooks.deliver(run, pluginIds, { event, data: { ...facts, result } })
    },

    part: {
      name: 'plugin hooks',
      async start() {
        unsubscribe = subscribe(
          ['plugin.registered', 'plugin.updated', 'plugin.enabled', 'plugin.disabled', 'plugin.deleted'],
          () => {
            loop.wake()
            return loop.idle()
          },
        )
        await refresh()
        loop.wake()
      },
      async stop() {
        unsubscribe?.()
        await loop.stop()
      },
    },
  }
}

function factsOf({ operation, endpoint, recordId, body, current, user }: RecordChange) {
  return { operation, endpoint, record_id: recordId, body, current, user }
}
