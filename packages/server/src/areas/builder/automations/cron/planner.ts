import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { systemContext, type Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import { createLoop } from '../../../../work/loop.ts'
import type { CronJobsRepo } from './repo.ts'
import { decideRuns, waitingMax } from './rules.ts'
import type { CronRunsRepo } from './runs/repo.ts'
import type { StoredCronJob } from './stored.ts'

/**
 * Writes the runs of jobs that are due. Every server looks; whoever locks a due job writes its runs and moves its time on
 * in one transaction, so that a time is run once however many servers there are.
 */
interface Needs {
  jobs: CronJobsRepo
  runs: CronRunsRepo
  database: Pick<Database<Tables>, 'transaction'>
  clock: Clock
  ids: Ids
  logger: Logger
}

const claimMax = 50
const tickMsMax = 30_000

export function createCronPlanner({ jobs, runs, database, clock, ids, logger }: Needs): Part {
  async function plan(tx: Context, job: StoredCronJob, now: Date): Promise<void> {
    const { run: times, next } = decideRuns(job, new Date(job.nextRunAt ?? now), now)
    const before = await runs.countOpen(tx, job.id)
    for (const [index, time] of times.entries()) {
      const message = refusalOf(job, before, before + index)
      const run = { id: ids.uuid(), cronId: job.id, trigger: 'schedule', attempt: 1, message } as const
      const state = message === '' ? 'queued' : 'skipped'
      await runs.add(tx, { ...run, state, scheduledFor: time.toISOString() }, now)
    }
    await jobs.moveOn(tx, job.id, next)
  }

  async function tick(): Promise<number> {
    for (;;) {
      const claimed = await database.transaction(systemContext('cron'), async (tx) => {
        const now = clock.now()
        const due = await jobs.claimDue(tx, now, claimMax)
        for (const job of due) await plan(tx, job, now)
        if (due.length > 0) await jobs.announce(tx)
        return due.length
      })
      if (claimed < claimMax) break
    }
    const next = await jobs.nextDue()
    return next === null ? tickMsMax : Math.min(tickMsMax, Math.max(10, next.getTime() - clock.nowMs()))
  }

  const loop = createLoop({
    clock,
    retryMs: 1_000,
    work: tick,
    onError: (error) => logger.error({ err: error }, 'Cron jobs could not be looked at; trying again'),
  })
  let stopListening: (() => Promise<void>) | undefined

  return {
    name: 'cron planner',
    async start() {
      stopListening = await jobs.listen(loop.wake)
      loop.wake()
    },
    async stop() {
      await stopListening?.()
      await loop.stop()
    },
  }
}

/** Why a run that is due does not wait for its turn, or ''. Runs that became due together never hinder each other. */
function refusalOf({ overlap }: StoredCronJob, before: number, open: number): string {
  if (overlap === 'skip' && before > 0) return 'The run before was still going.'
  return open >= waitingMax ? 'Too many runs wait already.' : ''
}
