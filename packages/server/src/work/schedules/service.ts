import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { type Context, systemContext } from '../../context.ts'
import type { Tables } from '../../tables.ts'
import type { Jobs } from '../jobs/service.ts'
import { createLoop } from '../loop.ts'
import type { SchedulesRepo } from './repo.ts'
import { decideDue, type MissedPolicy, nextRun } from './rules.ts'

/** A job that is added at set times. */
export interface Schedule {
  name: string
  /** Five fields, or six with seconds. */
  cron: string
  /** IANA name such as `Europe/Zurich`. */
  timeZone: string
  job: string
  payload: Record<string, unknown>
  missed: MissedPolicy
  enabled: boolean
}

/**
 * Schedules: rows with the time they are due. Every server looks; whoever locks a due row adds its job and moves the
 * time on in one transaction, so a schedule fires once however many servers there are, and never without its job.
 */
export interface Schedules {
  /** Adds or replaces the schedule of this name, in `ctx.tx`. Throws on an expression or zone that makes no sense. */
  put(ctx: Context, schedule: Schedule): Promise<void>
  /** Removes it, in `ctx.tx`. Harmless when there is none. */
  remove(ctx: Context, name: string): Promise<void>
}

interface Needs {
  repo: SchedulesRepo
  database: Pick<Database<Tables>, 'transaction'>
  jobs: Pick<Jobs, 'add' | 'has'>
  clock: Clock
  logger: Logger
}

const claimMax = 100
const tickMsMax = 30_000

export function createSchedules({ repo, database, jobs, clock, logger }: Needs): Schedules & {
  /** `builtIn` are the schedules that the areas bring. */
  runner(builtIn: readonly Schedule[]): Part
} {
  async function put(ctx: Context, schedule: Schedule): Promise<void> {
    await repo.put(ctx, schedule, nextRun(schedule, clock.now()))
    await repo.announce(ctx)
  }

  /** Fires what is due; answers how long to wait for the next. */
  async function tick(): Promise<number> {
    for (;;) {
      const claimed = await database.transaction(systemContext('schedules'), async (tx) => {
        const now = clock.now()
        const due = await repo.claimDue(tx, now, claimMax)
        for (const schedule of due) {
          const { run, next } = decideDue(schedule, new Date(schedule.nextRunAt), now)
          const facts = { schedule: schedule.name, job: schedule.job, dueAt: schedule.nextRunAt }
          const known = jobs.has(schedule.job)
          if (!known) logger.error(facts, 'A schedule names a job that does not exist')
          else if (run) await jobs.add(tx, schedule.job, schedule.payload)
          else logger.warn(facts, 'A scheduled run was missed')
          await repo.settle(tx, schedule.name, run && known ? now : null, next)
        }
        return due.length
      })
      if (claimed < claimMax) break
    }
    const next = await repo.nextDue()
    return next === null ? tickMsMax : Math.min(tickMsMax, Math.max(10, next.getTime() - clock.nowMs()))
  }

  function runner(builtIn: readonly Schedule[]): Part {
    let stopListening: (() => Promise<void>) | undefined
    const loop = createLoop({
      clock,
      retryMs: 1_000,
      work: tick,
      onError: (error) => logger.error({ err: error }, 'Schedules could not be looked at; trying again'),
    })

    return {
      name: 'schedules',
      async start() {
        await database.transaction(systemContext('schedules'), async (tx) => {
          for (const schedule of builtIn) await put(tx, schedule)
        })
        stopListening = await repo.listen(loop.wake)
        loop.wake()
      },
      async stop() {
        await stopListening?.()
        await loop.stop()
      },
    }
  }

  return { put, remove: (ctx, name) => repo.remove(ctx, name), runner }
}
