import type { Database } from '@holdfast/database/database'
import type { Catalogue } from '@holdfast/kernel/catalogue'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import { problem } from '@holdfast/contracts/problems'
import { z } from 'zod'
import { type Context, systemContext } from '../../context.ts'
import type { Tables } from '../../tables.ts'
import type { Events } from '../events/service.ts'
import type { JobHandler } from '../jobs/service.ts'
import { createLoop } from '../loop.ts'
import type { OperationChanges } from './changes.ts'
import type { OperationChange, OperationsRepo, StoredOperation } from './repo.ts'
import { mayBecome, problemOf } from './rules.ts'
import { type OperationHandler, runHereJob, runOperationJob } from './service.ts'

interface Needs {
  repo: OperationsRepo
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<Events, 'append'>
  changes: Pick<OperationChanges, 'follow'>
  /** The name of the data directory. */
  place: () => string
  /** Asked at every run, because the areas that bring them are composed after this. */
  handlers: () => Catalogue<OperationHandler>
  clock: Clock
  /** Real time: paces how often progress is written. */
  progressClock: Clock
  logger: Logger
}

type EndOfOperation = OperationChange & { state: 'succeeded' | 'failed' | 'cancelled' }

const Payload = z.object({ id: z.string() })
const progressMs = 400

/** The jobs that take an operation from queued to its end. A failed operation is a result, not a failed job. */
export function createOperationJobs({
  repo,
  database,
  events,
  changes,
  place,
  handlers,
  clock,
  progressClock,
  logger,
}: Needs): JobHandler[] {
  async function run(ctx: Context, payload: unknown): Promise<void> {
    const { id } = Payload.parse(payload)
    const operation = await repo.find({}, id)
    if (operation === undefined || !mayBecome(operation.state, 'running')) return
    if (operation.cancelRequested) {
      await handlers().get(operation.kind)?.giveUp?.(ctx, operation.input)
      return finish(operation, { state: 'cancelled' })
    }
    await repo.update({}, id, { state: 'running', startedAt: clock.now() }, clock.now())
    const end = await perform(ctx, operation)
    if (end !== null) await finish(operation, end)
  }

  const finish = ({ id, kind }: StoredOperation, end: EndOfOperation) =>
    database.transaction(systemContext('operations'), async (tx) => {
      await repo.update(tx, id, { ...end, finishedAt: clock.now() }, clock.now())
      await events.append(tx, { type: 'operation.finished', data: { id, kind, state: end.state } })
    })

  /** Answers how it ended; throws when the server is stopping, so that the job is run again. */
  async function perform(ctx: Context, operation: StoredOperation): Promise<EndOfOperation | null> {
    const cancelled = new AbortController()
    const stopFollowing = changes.follow(operation.id, () => {
      repo.find({}, operation.id).then(
        (now) => (now?.cancelRequested === true ? cancelled.abort() : undefined),
        (error: unknown) =>
          logger.warn({ err: error, operation: operation.id }, 'An operation could not be read again'),
      )
    })
    const progress = createProgressWriter(operation.id)
    try {
      const handler = handlers().get(operation.kind)
      if (handler === undefined)
        throw problem('server.failed', { cause: new Error(`No operation is called ${operation.kind}.`) })
      const signal = AbortSignal.any([ctx.signal, cancelled.signal])
      const result = await handler.run(
        { ...ctx, signal, requestId: operation.id },
        { id: operation.id, input: operation.input, progress: progress.report },
      )
      return { ...(await progress.stop()), state: 'succeeded', result }
    } catch (error) {
      const last = await progress.stop()
      const isCancelled = cancelled.signal.aborted
      if (ctx.signal.aborted && !isCancelled) throw error
      await handlers().get(operation.kind)?.giveUp?.(ctx, operation.input)
      if (isCancelled) return { ...last, state: 'cancelled' }
      logger.error({ err: error, operation: operation.id, kind: operation.kind }, 'An operation failed')
      return { ...last, state: 'failed', problem: problemOf(error) }
    } finally {
      stopFollowing()
    }
  }

  /** Keeps the latest progress and writes it a few times a second; `stop` answers what was not written. */
  function createProgressWriter(id: string) {
    let latest: Pick<OperationChange, 'progress' | 'message'> = {}
    const loop = createLoop({
      clock: progressClock,
      retryMs: progressMs,
      work: async () => {
        const change = latest
        latest = {}
        if (change.progress !== undefined) await repo.update({}, id, change, clock.now())
        return progressMs
      },
      onError: (error) => logger.warn({ err: error, operation: id }, 'Progress could not be written'),
    })
    loop.wake()
    return {
      report(done: number, total: number | null = null, message?: string) {
        latest = { progress: { done, total }, ...(message !== undefined && { message }) }
      },
      async stop() {
        await loop.stop()
        return latest
      },
    }
  }

  return [runOperationJob, runHereJob(place())].map((name) => ({ name, attemptsMax: 5, run }))
}
