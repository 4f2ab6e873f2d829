import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { createLoop } from '../../loop.ts'
import type { ConsumerRepo } from './repo.ts'
import { type EventTypes, isWanted, type StoredEvent } from '../stored.ts'

/** `null`: more has happened than could be read; forget everything that was derived from events. */
export type EventSubscriber = (event: StoredEvent | null) => void | Promise<void>

/**
 * Every committed event, on every replica, as soon as it commits: for caches and live views. Nothing is remembered: a
 * replica that starts begins with now, so whoever needs every event since ever is a consumer instead.
 */
export interface EventFeed {
  /** Answers the function that ends the subscription. */
  subscribe(types: EventTypes, subscriber: EventSubscriber): () => void
  part: Part
}

const readEventsMax = 5_000
const pollMs = 5_000

export function createEventFeed(needs: {
  repo: Pick<ConsumerRepo, 'listen' | 'visibleSince'>
  clock: Clock
  logger: Logger
}): EventFeed {
  const { repo, clock, logger } = needs
  const subscriptions = new Set<{ types: EventTypes; subscriber: EventSubscriber }>()
  let snapshot: string | null = null
  let stopListening: (() => Promise<void>) | undefined

  async function deliver(event: StoredEvent | null): Promise<void> {
    for (const { types, subscriber } of subscriptions) {
      if (event !== null && !isWanted(types, event)) continue
      try {
        await subscriber(event)
      } catch (error) {
        logger.error({ err: error, type: event?.type }, 'A subscriber failed on an event')
      }
    }
  }

  async function read(): Promise<void> {
    const fresh = await repo.visibleSince(snapshot, readEventsMax)
    const begun = snapshot !== null
    snapshot = fresh.snapshot
    if (!begun) return
    if (fresh.events.length >= readEventsMax) return deliver(null)
    for (const event of fresh.events) await deliver(event)
  }

  const loop = createLoop({
    clock,
    retryMs: 1_000,
    work: async () => {
      await read()
      return pollMs
    },
    onError: (error) => logger.warn({ err: error }, 'Events could not be read; trying again'),
  })

  return {
    subscribe(types, subscriber) {
      const subscription = { types, subscriber }
      subscriptions.add(subscription)
      return () => void subscriptions.delete(subscription)
    },
    part: {
      name: 'event feed',
      async start() {
        await read()
        stopListening = await repo.listen(() => {
          loop.wake()
          return loop.idle()
        })
        loop.wake()
      },
      async stop() {
        await stopListening?.()
        await loop.stop()
      },
    },
  }
}
