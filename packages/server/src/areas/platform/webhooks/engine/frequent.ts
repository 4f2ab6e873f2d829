import type { CallEventType } from '@holdfast/contracts/events'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { systemContext } from '../../../../context.ts'
import { storableJson } from '../../../../storable.ts'
import type { EventSubscriber } from '../../../../work/events/delivery/feed.ts'
import type { EventTypes } from '../../../../work/events/stored.ts'
import { createLoop } from '../../../../work/loop.ts'
import { deliveryAgent, deliveryBody, subscriptionsOf } from '../rules.ts'
import type { WebhooksRepo } from '../repo.ts'
import type { EngineRepo } from './repo.ts'

/** A finished call of an endpoint, as the record runtime tells it. */
export interface EndpointCall {
  endpointId: string
  method: string
  path: string
  statusCode: number
  responseTimeMs: number
  userId: string | null
  userAgent: string | null
}

/**
 * Calls of endpoints as events. They come by the thousand, so nothing is done unless a webhook asks for them: one look
 * at a flag. Asked for, they are gathered for a second; what is beyond a number of them is told as one with its count.
 * As in the activity log, the last second is lost with the process.
 */
export interface FrequentEvents {
  /** Synchronous. */
  called(call: () => EndpointCall): void
  part: Part
}

interface Needs {
  repo: Pick<EngineRepo, 'fanOut'>
  webhooks: Pick<WebhooksRepo, 'subscriptions'>
  subscribe(types: EventTypes, subscriber: EventSubscriber): () => void
  clock: Clock
  ids: Ids
  logger: Logger
}

/** After these, other webhooks may be asking. */
export const webhookChanges = [
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.disabled',
] as const satisfies EventTypes

const eachPerSecond = 100
const flushEveryMs = 1_000
const refreshEveryMs = 30_000
const retryEveryMs = 1_000

interface Gathered {
  type: CallEventType
  occurredAt: string
  call: EndpointCall
  calls: number
}

export function createFrequentEvents({
  repo,
  webhooks,
  subscribe,
  clock,
  ids,
  logger,
}: Needs): FrequentEvents {
  let wanted = new Set<string>()
  let isWanted = false
  let single: Gathered[] = []
  let merged = new Map<string, Gathered>()
  let cancelTimer: (() => void) | undefined
  let unsubscribe: (() => void) | undefined

  async function refresh(): Promise<void> {
    wanted = new Set(await webhooks.subscriptions())
    isWanted = wanted.has('endpoint.called') || wanted.has('api.error')
  }

  const loop = createLoop({
    clock,
    retryMs: retryEveryMs,
    work: async () => {
      await refresh()
      return refreshEveryMs
    },
    onError: (error) => logger.warn({ err: error }, 'Subscriptions could not be read; trying again'),
  })

  function gather(type: CallEventType, call: EndpointCall): void {
    if (!wanted.has(type)) return
    const occurredAt = clock.now().toISOString()
    if (single.length < eachPerSecond) {
      single.push({ type, occurredAt, call, calls: 1 })
    } else {
      const key = `${type} ${call.endpointId}`
      merged.set(key, { type, occurredAt, call, calls: (merged.get(key)?.calls ?? 0) + 1 })
    }
    cancelTimer ??= clock.after(flushEveryMs, () => void flush())
  }

  async function flush(): Promise<void> {
    cancelTimer?.()
    cancelTimer = undefined
    const gathered = [...single, ...merged.values()]
    single = []
    merged = new Map()
    if (gathered.length === 0) return
    const events = gathered.map(({ type, occurredAt, call, calls }) => ({
      id: ids.uuid(),
      type,
      body: deliveryBody(type, occurredAt, storableJson({ ...call, userAgent: undefined, calls })),
      subscriptions: subscriptionsOf(type),
    }))
    try {
      await repo.fanOut(systemContext('webhooks'), events, clock.now(), ids.uuid, { frequent: true })
    } catch (error) {
      logger.warn(
        { err: error, events: events.length },
        'Frequent events could not be handed over and are lost',
      )
    }
  }

  return {
    called(call) {
      if (!isWanted) return
      const made = call()
      if (made.userAgent?.startsWith(deliveryAgent) === true) return
      gather('endpoint.called', made)
      if (made.statusCode >= 400) gather('api.error', made)
    },
    part: {
      name: 'frequent events',
      async start() {
        await refresh()
        unsubscribe = subscribe(webhookChanges, () => {
          loop.wake()
          return loop.idle()
        })
        loop.wake()
      },
      async stop() {
        unsubscribe?.()
        await loop.stop()
        await flush()
      },
    },
  }
}
