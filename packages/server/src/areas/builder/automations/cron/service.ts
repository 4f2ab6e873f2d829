import type {
  CronJob,
  CronJobChange,
  CronJobInput,
  CronRun,
} from '@holdfast/contracts/builder/automations/cron'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../../context.ts'
import type { Outbound } from '../../../../outbound/client.ts'
import { OutboundError } from '../../../../outbound/errors.ts'
import type { Tables } from '../../../../tables.ts'
import type { Events } from '../../../../work/events/service.ts'
import type { AuditLog } from '../../../platform/audit/service.ts'
import type { CronJobsRepo } from './repo.ts'
import { type CronTimes, nextTime, nextTimes, timesFault, waitingMax } from './rules.ts'
import type { CronRunsRepo } from './runs/repo.ts'
import type { StoredCronJob } from './stored.ts'
import { answerOf, changedJob, storedJob } from './mapping.ts'

/**
 * Cron jobs: code, a request or a call of an endpoint at set times.
 *
 * A run is `queued`, then `running`, then `success` or `error`; `skipped` when its turn never came, `lost` when its server
 * died. Invariants: a time is run once however many servers there are; a lost run is tried again at most twice, and never
 * where missed runs are skipped; only one run of a job is under way, unless it allows `parallel` ones.
 * Events: cron.created, cron.updated, cron.deleted, cron.succeeded, cron.failed.
 */
export type CronJobs = ReturnType<typeof createCronJobs>

interface Needs {
  repo: CronJobsRepo
  runs: CronRunsRepo
  database: Pick<Database<Tables>, 'transaction'>
  outbound: Pick<Outbound, 'checkResolved'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

const jobsMax = 1_000
const shownRuns = 5

export function createCronJobs({ repo, runs, database, outbound, audit, events, clock, ids }: Needs) {
  const shown = (job: StoredCronJob): CronJob =>
    answerOf(job, job.enabled ? nextTimes(job, clock.now(), shownRuns) : [])

  /** Throws cron.schedule_invalid, cron.time_zone_unknown. */
  function checkTimes(times: CronTimes): void {
    const fault = timesFault(times)
    if (fault === 'schedule') throw problem('cron.schedule_invalid')
    if (fault === 'time_zone') throw problem('cron.time_zone_unknown')
  }

  /** Before the transaction, because a name is looked up. */
  async function check(job: StoredCronJob): Promise<void> {
    checkTimes(job)
    const { actionType, javascriptCode, httpUrl, endpointPath } = job.action
    const needed = { javascript: javascriptCode, http: httpUrl, endpoint: endpointPath }[actionType]
    if (needed.trim() === '' || (actionType === 'endpoint' && !endpointPath.startsWith('/')))
      throw problem('cron.action_incomplete')
    if (actionType !== 'http') return
    try {
      await outbound.checkResolved(httpUrl)
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error
      throw problem('cron.url_refused', { sentence: error.message, cause: error })
    }
  }

  async function find(ctx: Context, id: string): Promise<StoredCronJob> {
    const job = await repo.find(ctx, id)
    if (job === undefined) throw problem('cron.not_found')
    return job
  }

  async function lock(tx: Context, id: string): Promise<StoredCronJob> {
    const job = await repo.findForUpdate(tx, id)
    if (job === undefined) throw problem('cron.not_found')
    return job
  }

  const target = (id: string) => ({ type: 'cron_job', id })

  return {
    list: async (ctx: Context): Promise<CronJob[]> => (await repo.list(ctx)).map(shown),
    get: async (ctx: Context, id: string): Promise<CronJob> => shown(await find(ctx, id)),

    /** Throws what `check` throws, and cron.too_many. */
    async create(ctx: Context, input: CronJobInput): Promise<CronJob> {
      const job = storedJob(input, ids.uuid(), clock.now())
      await check(job)
      return database.transaction(ctx, async (tx) => {
        if ((await repo.count(tx)) >= jobsMax) throw problem('cron.too_many')
        await repo.put(tx, { ...job, nextRunAt: dueOf(job, clock.now()) })
        await repo.announce(tx)
        await events.append(tx, { type: 'cron.created', data: { id: job.id, name: job.name } })
        const { name, schedule, timeZone } = job
        await audit.append(tx, { target: target(job.id), details: { name, schedule, timeZone } })
        return shown(await find(tx, job.id))
      })
    },

    /** Throws what `check` throws, and cron.not_found. */
    async update(ctx: Context, id: string, change: CronJobChange): Promise<CronJob> {
      await check(changedJob(await find(ctx, id), change, clock.now()))
      return database.transaction(ctx, async (tx) => {
        const before = await lock(tx, id)
        const job = changedJob(before, change, clock.now())
        const isSameTime =
          before.schedule === job.schedule &&
          before.timeZone === job.timeZone &&
          before.enabled === job.enabled
        await repo.put(tx, { ...job, nextRunAt: isSameTime ? before.nextRunAt : dueOf(job, clock.now()) })
        await repo.announce(tx)
        await events.append(tx, { type: 'cron.updated', data: { id, name: job.name } })
        await audit.append(tx, { target: target(id), details: { changed: Object.keys(change) } })
        return shown(await find(tx, id))
      })
    },

    /** Throws cron.not_found. */
    remove: (ctx: Context, id: string): Promise<void> =>
      database.transaction(ctx, async (tx) => {
        const { name } = await lock(tx, id)
        await repo.remove(tx, id)
        await events.append(tx, { type: 'cron.deleted', data: { id, name } })
        await audit.append(tx, { target: target(id), details: { name } })
      }),

    /** Throws cron.not_found, cron.too_many_waiting. */
    runNow: (ctx: Context, id: string): Promise<CronRun> =>
      database.transaction(ctx, async (tx) => {
        await lock(tx, id)
        if ((await runs.countOpen(tx, id)) >= waitingMax) throw problem('cron.too_many_waiting')
        const runId = ids.uuid()
        const run = {
          id: runId,
          cronId: id,
          state: 'queued',
          trigger: 'manual',
          attempt: 1,
          message: '',
        } as const
        await runs.add(tx, { ...run, scheduledFor: clock.now().toISOString() }, clock.now())
        await repo.announce(tx)
        await audit.append(tx, { target: target(id), details: { runId } })
        const added = await runs.find(tx, runId)
        if (added === undefined) throw problem('cron.not_found')
        return added
      }),

    /** Throws cron.not_found. */
    async listRuns(
      ctx: Context,
      id: string,
      page: { cursor?: string | undefined; limit: number; state?: CronRun['state'] | undefined },
    ): Promise<{ runs: CronRun[]; nextCursor: string | null }> {
      await find(ctx, id)
      const found = await runs.list(ctx, id, { ...page, limit: page.limit + 1 })
      const listed = found.slice(0, page.limit)
      return { runs: listed, nextCursor: found.length > page.limit ? (listed.at(-1)?.id ?? null) : null }
    },

    /** Throws cron.schedule_invalid, cron.time_zone_unknown. */
    preview({ count, ...times }: CronTimes & { count: number }): string[] {
      checkTimes(times)
      return nextTimes(times, clock.now(), count).map((time) => time.toISOString())
    },
  }
}

function dueOf(job: StoredCronJob, now: Date): string | null {
  return job.enabled ? (nextTime(job, now)?.toISOString() ?? null) : null
}
