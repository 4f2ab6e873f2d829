import { type Clock, systemClock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { createLoop } from '../../../../work/loop.ts'
import { outcomeOf } from '../rules.ts'
import type { AttemptRow, Claimed, EngineRepo, TriedWebhook } from './repo.ts'
import { type Attempt, attemptTimeoutMs, type Sender } from './sender.ts'

/** What became of an attempt, for the activity log and for what follows. */
export interface FinishedAttempt {
  delivery: Claimed
  attempt: Attempt
  isSuccess: boolean
  isGone: boolean
  /** No attempt follows. */
  isGivenUp: boolean
}

interface Needs {
  repo: EngineRepo
  sender: Sender
  /** Called after each batch is written; what it throws is logged. */
  written(finished: readonly FinishedAttempt[], tried: readonly TriedWebhook[]): Promise<void>
  clock: Clock
  ids: Ids
  logger: Logger
  random?: () => number
}

/** A sender that died lets go after this; an attempt and the writing of it take less. */
const leaseMs = attemptTimeoutMs + 10_000
const pollMs = 1_000
/** Attempts that end within this are written together. */
const gatherMs = 10
const batchMax = 200
/** What is under way when the server stops gets this long to end. */
const stopGraceMs = 5_000

type Result = FinishedAttempt & { row: AttemptRow }

/** Sends what is due: claims, sends at the same time, writes the results in batches. As many replicas as you like. */
export function createDispatcher(needs: Needs): Part {
  const { repo, sender, clock, ids, logger, random = Math.random } = needs
  const underWay = new Map<string, { webhookId: string; claim: string; done: Promise<void> }>()
  const stopping = new AbortController()
  let results: Result[] = []
  let writing: Promise<void> | undefined
  let stopListening: (() => Promise<void>) | undefined

  const loop = createLoop({
    clock,
    retryMs: pollMs,
    work: async () => {
      // A clock that jumps wakes this on its way; a moment later it has arrived.
      await Promise.resolve()
      const now = clock.now()
      const leaseEnd = new Date(now.getTime() + leaseMs)
      for (const delivery of await repo.claim({
        claim: ids.uuid(),
        now,
        leaseEnd,
        underWay: countUnderWay(),
      }))
        begin(delivery)
      return pollMs
    },
    onError: (error) => logger.warn({ err: error }, 'Webhook deliveries could not be claimed; trying again'),
  })

  function countUnderWay(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { webhookId } of underWay.values()) counts[webhookId] = (counts[webhookId] ?? 0) + 1
    return counts
  }

  function begin(delivery: Claimed): void {
    // The same delivery again: its lease ran out while this process was held up. The first attempt goes on, unheard.
    const key = delivery.claim + delivery.id
    const done = attemptOnce(delivery)
      .catch((error: unknown) => {
        // A value that cannot be opened, say: the lease keeps it from being tried in a circle.
        logger.error({ err: error, webhook: delivery.webhookId }, 'A webhook delivery could not be tried')
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, { webhookId: delivery.webhookId, claim: delivery.claim, done })
  }

  async function attemptOnce(delivery: Claimed): Promise<void> {
    const attempt = await sender.send(delivery, stopping.signal)
    if (attempt.isCancelled) return repo.release([delivery], clock.now())
    results.push(resultOf(delivery, attempt))
    writing ??= writeAll()
  }

  function resultOf(delivery: Claimed, attempt: Attempt): Result {
    const now = clock.now()
    const attempts = delivery.attempts + 1
    const outcome = outcomeOf({
      status: attempt.status,
      retryAfter: attempt.retryAfter,
      attempt: attempts,
      nowMs: now.getTime(),
      random: random(),
    })
    const isSuccess = outcome.state === 'success'
    const row: AttemptRow = {
      ...attemptRow(ids.uuid(), delivery.id, attempt),
      claim: delivery.claim,
      state: outcome.state,
      attempts,
      next_attempt_at:
        outcome.nextAttemptAtMs === null ? null : new Date(outcome.nextAttemptAtMs).toISOString(),
      finished_at: outcome.state === 'pending' ? null : now.toISOString(),
      is_success: isSuccess,
    }
    const isGivenUp = outcome.state === 'failed'
    return { delivery, attempt, isSuccess, isGone: outcome.isGone, isGivenUp, row }
  }

  async function writeAll(): Promise<void> {
    await new Promise<void>((resolve) => systemClock.after(gatherMs, resolve))
    while (results.length > 0) {
      const batch = results.slice(0, batchMax)
      results = results.slice(batchMax)
      try {
        await needs.written(batch, await repo.finish(batch.map(({ row }) => row)))
      } catch (error) {
        // The leases run out and the deliveries are made again: at least once.
        logger.error({ err: error, attempts: batch.length }, 'Webhook attempts could not be written')
      }
      loop.wake()
    }
    writing = undefined
  }

  return {
    name: 'webhooks',
    async start() {
      stopListening = await repo.listen(loop.wake)
      loop.wake()
    },
    async stop() {
      await stopListening?.()
      await loop.stop()
      const cancel = systemClock.after(stopGraceMs, () => stopping.abort())
      // oxlint-disable-next-line no-unmodified-loop-condition -- `writeAll` ends it while it is awaited
      while (underWay.size > 0 || writing !== undefined)
        await Promise.all([...[...underWay.values()].map(({ done }) => done), writing])
      cancel()
    },
  }
}

export function attemptRow(id: string, deliveryId: string, attempt: Attempt) {
  return {
    id,
    delivery_id: deliveryId,
    started_at: attempt.startedAt.toISOString(),
    duration_ms: attempt.durationMs,
    request_headers: attempt.requestHeaders,
    status: attempt.status,
    response_headers: attempt.responseHeaders,
    response_body: attempt.responseBody,
    truncated: attempt.truncated,
    error: attempt.error,
  }
}
