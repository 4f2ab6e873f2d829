import type { CronRun } from '@holdfast/contracts/builder/automations/cron'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { type Context, systemContext } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { Events } from '../../../../work/events/service.ts'
import { createLoop } from '../../../../work/loop.ts'
import type { NewActivity } from '../../../platform/activity/rules.ts'
import type { RunAction } from './actions.ts'
import type { CronJobsRepo } from './repo.ts'
import { attemptsMax } from './rules.ts'
import { type CronRunsRepo, leaseSeconds } from './runs/repo.ts'
import type { CronOutcome, StoredCronJob } from './stored.ts'

/**
 * Executes the runs that wait. A run is claimed with a lease; its server says again and again that it is alive. When it
 * does not, another one marks the run `lost`, and writes it anew unless the job skips missed runs. Only the holder of the
 * lease can say how a run ended, so that one that was given up for lost never ends twice.
 */
interface Needs {
  jobs: CronJobsRepo
  runs: CronRunsRepo
  runAction: RunAction
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<Events, 'append'>
  recordActivity(entry: NewActivity): void
  clock: Clock
  /** Real time: leases are counted in the database's. */
  paceClock: Clock
  ids: Ids
  logger: Logger
}

const runningMax = 4
const lookEveryMs = 5_000
const beatEveryMs = (leaseSeconds * 1_000) / 3
/** After this long a stopping server gives its runs up; another one takes them over. */
const drainMs = 5_000
const gone: CronOutcome = {
  state: 'lost',
  message: 'The server that ran it stopped before it was done.',
  output: null,
  error: null,
  console: [],
  consoleDropped: 0,
  durationMs: 0,
}

export function createCronExecutor(needs: Needs): Part {
  const { jobs, runs, runAction, database, events, recordActivity, clock, paceClock, ids, logger } = needs
  const holder = ids.uuid()
  const active = new Map<string, { stop: AbortController; done: Promise<void> }>()
  let stopped = false
  let stopListening: (() => Promise<void>) | undefined
  const ctx = systemContext('cron')

  /** Writes how it ended, with all that follows, unless the run is somebody else's by now. */
  async function finish(tx: Context, run: CronRun, owner: string, outcome: CronOutcome): Promise<boolean> {
    const at = clock.now()
    if (!(await runs.finish(tx, run.id, owner, outcome, at))) return false
    const job = await jobs.find(tx, run.cronId)
    if (job === undefined) return false
    const status = outcome.state === 'success' ? 'success' : 'error'
    await jobs.noteRun(tx, job.id, { status, message: outcome.message, at })
    if (outcome.state === 'lost' && job.missedRuns !== 'skip' && run.attempt < attemptsMax) {
      const again = { ...run, id: ids.uuid(), state: 'queued', trigger: 'repeat', message: '' } as const
      await runs.add(tx, { ...again, attempt: run.attempt + 1 }, at)
      await jobs.announce(tx)
    }
    await runs.forgetOld(tx, job.id)
    await events.append(tx, {
      type: status === 'success' ? 'cron.succeeded' : 'cron.failed',
      data: { id: job.id, name: job.name, runId: run.id, state: outcome.state, message: outcome.message },
    })
    return true
  }

  async function end(run: CronRun, owner: string, outcome: CronOutcome): Promise<void> {
    const isOurs = await database.transaction(ctx, (tx) => finish(tx, run, owner, outcome))
    if (!isOurs) logger.warn({ runId: run.id }, 'A cron run ended after it was given up for lost')
    else recordActivity(activityOf(run, outcome))
  }

  async function execute(run: CronRun, job: StoredCronJob, signal: AbortSignal): Promise<void> {
    const startedMs = performance.now()
    const result = await runAction(job, signal)
    const durationMs = Math.round((performance.now() - startedMs) * 100) / 100
    const outcome: CronOutcome = signal.aborted ? { ...gone, durationMs } : { ...result, durationMs }
    await end(run, holder, outcome)
  }

  function begin(run: CronRun, job: StoredCronJob): void {
    const stop = new AbortController()
    const done = execute(run, job, stop.signal)
      .catch((error: unknown) => {
        // Its lease runs out, and whoever notices writes it down.
        logger.error({ err: error, runId: run.id }, 'The end of a cron run could not be written')
      })
      .finally(() => {
        active.delete(run.id)
        look.wake()
      })
    active.set(run.id, { stop, done })
  }

  async function claim(): Promise<boolean> {
    const claimed = await database.transaction(ctx, async (tx) => {
      const run = await runs.claim(tx, holder, clock.now())
      if (run === undefined) return null
      const job = await jobs.find(tx, run.cronId)
      return job === undefined ? null : { run, job }
    })
    if (claimed === null) return false
    begin(claimed.run, claimed.job)
    return true
  }

  async function giveUpDead(): Promise<void> {
    const ended = await database.transaction(ctx, async (tx) => {
      const dead = await runs.claimDead(tx)
      for (const { run, holder: owner } of dead) await finish(tx, run, owner, gone)
      return dead
    })
    for (const { run } of ended) {
      logger.warn({ runId: run.id, cronId: run.cronId }, 'A cron run was lost with its server')
      recordActivity(activityOf(run, gone))
    }
  }

  const look = createLoop({
    clock: paceClock,
    retryMs: 1_000,
    async work() {
      await giveUpDead()
      const claimed = !stopped && active.size < runningMax && (await claim())
      // Another look follows at once while there is something to claim.
      return claimed ? 0 : lookEveryMs
    },
    onError: (error) => logger.error({ err: error }, 'Cron runs could not be claimed; trying again'),
  })
  const beat = createLoop({
    clock: paceClock,
    retryMs: 1_000,
    async work() {
      if (active.size === 0) return beatEveryMs
      // A run that begins meanwhile was not asked about, and is not missing from the answer.
      const asked = [...active]
      const ours = await runs.renew(
        holder,
        asked.map(([id]) => id),
      )
      for (const [id, { stop }] of asked) if (!ours.has(id)) stop.abort()
      return beatEveryMs
    },
    onError: (error) => logger.error({ err: error }, 'The leases of cron runs could not be renewed'),
  })

  return {
    name: 'cron executor',
    async start() {
      stopListening = await jobs.listen(look.wake)
      look.wake()
      beat.wake()
    },
    async stop() {
      stopped = true
      await stopListening?.()
      await look.stop()
      const cancel = paceClock.after(drainMs, () => {
        for (const { stop } of active.values()) stop.abort()
      })
      await Promise.all([...active.values()].map(({ done }) => done))
      cancel()
      await beat.stop()
    },
  }
}

function activityOf(run: CronRun, outcome: CronOutcome): NewActivity {
  const isSuccess = outcome.state === 'success'
  return {
    action: 'cron_run',
    source: 'cron',
    message: outcome.message === '' ? 'Cron job ran' : outcome.message,
    details: { cronId: run.cronId, runId: run.id, state: outcome.state, trigger: run.trigger },
    statusCode: isSuccess ? 200 : 500,
    responseTimeMs: outcome.durationMs,
  }
}
