import type { Clock } from '@holdfast/kernel/clock'
import type { Catalogue } from '@holdfast/kernel/catalogue'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { type Context, systemContext } from '../../../context.ts'
import { createLoop } from '../../loop.ts'
import type { ConsumerRepo } from './repo.ts'
import { type EventPosition, type EventTypes, isWanted, type StoredEvent } from '../stored.ts'

/**
 * Something that must see every event of its types, at least once and in order, whichever replica runs it. It must be
 * harmless to handle one twice. What can fail for long (a webhook's target) belongs into a job: an event that cannot be
 * handled holds up those behind it.
 */
export interface EventConsumer {
  /** Keeps its place under this name; never reuse one. */
  name: string
  types: EventTypes
  handle(ctx: Context, event: StoredEvent): Promise<void>
}

interface Needs {
  repo: ConsumerRepo
  consumers: Catalogue<EventConsumer>
  /** Names this server among the replicas. */
  holder: string
  /** Real time: what is waited for here are other transactions and other servers. */
  clock: Clock
  logger: Logger
}

const batchEvents = 100
const leaseMs = 30_000
const pollMs = 5_000
const settleMs = 50
const retryDelayMaxMs = 60_000

/** Runs the consumers: one server at a time each, woken by NOTIFY, polling in case a wake was lost. */
export function createEventConsumers({ repo, consumers, holder, clock, logger }: Needs): Part {
  const names = [...consumers.keys()]
  const stopping = new AbortController()
  const running = new Map<string, Promise<void>>()
  const failures = new Map<string, { count: number; retryAtMs: number }>()
  let stopListening: (() => Promise<void>) | undefined

  const loop = createLoop({
    clock,
    retryMs: pollMs,
    work: look,
    onError: (error) => logger.warn({ err: error }, 'Event consumers could not be looked at; trying again'),
  })

  /** Sees who has something to do; answers when to look again. */
  async function look(): Promise<number> {
    if (names.length === 0) return pollMs
    const behind = await repo.behind(names)
    for (const { name } of behind.filter(({ waiting }) => !waiting)) begin(name)
    const retries = [...failures.values()].map(({ retryAtMs }) => retryAtMs - clock.nowMs())
    const settling = behind.some(({ waiting }) => waiting) ? [settleMs] : []
    return Math.max(settleMs, Math.min(pollMs, ...retries, ...settling))
  }

  function begin(name: string): void {
    const consumer = consumers.get(name)
    if (consumer === undefined || running.has(name) || (failures.get(name)?.retryAtMs ?? 0) > clock.nowMs())
      return
    running.set(name, runOnce(consumer))
  }

  async function runOnce(consumer: EventConsumer): Promise<void> {
    try {
      const failed = await runLeased(consumer)
      if (!failed) failures.delete(consumer.name)
    } catch (error) {
      fail(consumer, error)
    } finally {
      running.delete(consumer.name)
      loop.wake()
    }
  }

  function fail(consumer: EventConsumer, error: unknown, event?: StoredEvent): void {
    const count = (failures.get(consumer.name)?.count ?? 0) + 1
    failures.set(consumer.name, {
      count,
      retryAtMs: clock.nowMs() + Math.min(retryDelayMaxMs, 250 * 2 ** count),
    })
    const facts = {
      err: error,
      consumer: consumer.name,
      event: event?.id,
      type: event?.type,
      failures: count,
    }
    logger.error(facts, 'An event could not be handled; it is tried again')
  }

  /** Handles batch after batch until nothing is left. Answers whether an event failed. */
  async function runLeased(consumer: EventConsumer): Promise<boolean> {
    let position = await repo.lease(consumer.name, holder, leaseMs)
    if (position === undefined) return false
    for (;;) {
      const events = await repo.after(position, batchEvents)
      const handled = await handleBatch(consumer, events, position)
      position = handled.position
      const more = events.length > 0 && !handled.failed && !stopping.signal.aborted
      const still = await repo.advance(consumer.name, holder, position, more ? leaseMs : 0)
      if (!more || !still) return handled.failed
    }
  }

  async function handleBatch(
    consumer: EventConsumer,
    events: readonly StoredEvent[],
    from: EventPosition,
  ): Promise<{ position: EventPosition; failed: boolean }> {
    let position = from
    let savedAtMs = clock.nowMs()
    for (const event of events) {
      if (stopping.signal.aborted) break
      try {
        if (isWanted(consumer.types, event)) await consumer.handle(contextFor(consumer, event), event)
      } catch (error) {
        fail(consumer, error, event)
        return { position, failed: true }
      }
      position = event.position
      if (clock.nowMs() - savedAtMs < leaseMs / 3) continue
      savedAtMs = clock.nowMs()
      if (!(await repo.advance(consumer.name, holder, position, leaseMs))) break
    }
    return { position, failed: false }
  }

  const contextFor = (consumer: EventConsumer, event: StoredEvent): Context => ({
    ...systemContext(`consumer:${consumer.name}`, stopping.signal),
    organizationId: event.organizationId,
    requestId: event.id,
  })

  return {
    name: 'event consumers',
    async start() {
      if (await repo.rebaseAfterRestore()) logger.warn({}, 'Events were renumbered after a restore')
      for (const name of names) await repo.register(name)
      stopListening = await repo.listen(loop.wake)
      loop.wake()
    },
    async stop() {
      stopping.abort()
      await stopListening?.()
      await loop.stop()
      await Promise.all(running.values())
    },
  }
}
