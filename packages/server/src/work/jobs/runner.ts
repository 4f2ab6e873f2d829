import type { Catalogue } from '@holdfast/kernel/catalogue'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { EventEmitter } from 'node:events'
import { type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Pool } from 'pg'
import { systemContext } from '../../context.ts'
import type { Tracing } from '../../tracing/tracing.ts'
import { createLoop } from '../loop.ts'
import { migrateJobs, workerLogger } from './migrate.ts'
import type { RunnerRepo } from './repo.ts'
import type { JobHandler } from './service.ts'

interface Needs {
  database: { pool: Pool }
  repo: RunnerRepo
  handlers: Catalogue<JobHandler>
  /** Real time: it paces what is asked of the database. */
  clock: Clock
  logger: Logger
  tracing?: Tracing | null
}

const concurrency = 4
const beatMs = 10_000
const silenceMs = 60_000
/** After this long a stopping server aborts the jobs it runs; they are tried again elsewhere. */
const drainMs = 5_000

/**
 * Runs jobs inside the server with graphile-worker, on the server's own pool.
 *
 * graphile-worker frees the jobs of a dead worker after four hours. Here every runner leaves a heartbeat, and each takes
 * over from those that fell silent for a minute.
 */
export function createJobRunner(needs: Needs): Part {
  const { database, repo, handlers, clock, logger, tracing = null } = needs
  let runner: Runner | undefined
  let runnerId: string | undefined
  /** Jobs that this stopping server broke off. */
  const interrupted: { id: string; attempts: number }[] = []

  const heart = createLoop({
    clock,
    retryMs: beatMs,
    work: async () => {
      if (runnerId !== undefined) await repo.beat(runnerId)
      const dead = await repo.releaseDead(silenceMs)
      if (dead.length > 0)
        logger.warn({ runners: dead }, 'Took over the jobs of servers that no longer answer')
      return beatMs
    },
    onError: (error) => logger.warn({ err: error }, 'The heartbeat of the job runner failed'),
  })

  return {
    name: 'jobs',
    stopWithinMs: drainMs + 1_000,
    async start() {
      await migrateJobs(database, logger)
      const events: WorkerEvents = new EventEmitter()
      events.on('pool:create', ({ workerPool }) => {
        runnerId = workerPool.id
      })
      runner = await run({
        pgPool: database.pool,
        taskList: taskList(handlers, logger, tracing, interrupted),
        parsedCronItems: [],
        noHandleSignals: true,
        logger: workerLogger(logger),
        events,
        preset: {
          worker: {
            concurrentJobs: concurrency,
            gracefulShutdownAbortTimeout: drainMs,
            // Failures of a batch are waited for at the end; single ones are not, and would come after `giveBack`.
            failJobBatchDelay: 0,
          },
        },
      })
      runner.promise.catch((error: unknown) => logger.error({ err: error }, 'The job runner has stopped'))
      heart.wake()
    },
    async stop() {
      await runner?.stop()
      // Only then is written what the jobs have ended with; why it failed is logged above.
      await runner?.promise.catch(() => undefined)
      await heart.stop()
      for (const job of interrupted) await repo.giveBack(job)
      if (runnerId !== undefined) await repo.leave(runnerId)
    },
  }
}

function taskList(
  handlers: Catalogue<JobHandler>,
  logger: Logger,
  tracing: Tracing | null,
  interrupted: { id: string; attempts: number }[],
): TaskList {
  return Object.fromEntries(
    [...handlers.values()].map((handler) => [
      handler.name,
      async (payload, helpers) => {
        const { job, abortSignal } = helpers
        const ctx = { ...systemContext(`job:${handler.name}`, abortSignal), requestId: `job-${job.id}` }
        try {
          if (tracing === null) await handler.run(ctx, payload)
          else await tracing.job(handler.name, () => handler.run(ctx, payload))
        } catch (error) {
          if (abortSignal.aborted) {
            interrupted.push(job)
            logger.info({ job: handler.name, jobId: job.id }, 'A job was broken off and will be run again')
            throw error
          }
          const last = job.attempts >= job.max_attempts
          const facts = {
            err: error,
            job: handler.name,
            jobId: job.id,
            attempt: job.attempts,
            attemptsMax: job.max_attempts,
          }
          if (last) logger.error(facts, 'A job failed for the last time')
          else logger.warn(facts, 'A job failed and will be tried again')
          throw error
        }
      },
    ]),
  )
}
