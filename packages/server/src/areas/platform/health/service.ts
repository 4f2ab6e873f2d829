import type { HealthReport } from '@holdfast/contracts/platform/health'
import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import { productVersion } from '../../../version.ts'
import type { EventUpkeep } from '../../../work/events/delivery/upkeep.ts'
import type { RunnerRepo } from '../../../work/jobs/repo.ts'
import type { Activity } from '../activity/service.ts'
import { fileSystemOf } from './file-system.ts'
import type { VerdictsRepo } from '../audit/verification/repo.ts'
import type { HealthRepo } from './repo.ts'
import { diskStatus, eventsStatus, jobsStatus, overallStatus } from './rules.ts'

/**
 * Health: what probes and people may know about this process.
 *
 * Invariants: alive means that the event loop turns, and asks nobody; ready means that PostgreSQL answers and the server
 * is not stopping; the report says how things are, never where (no hosts, paths, names or versions of what is behind).
 */
export interface Health {
  timestamp(): string
  /** Throws server.stopping, server.unavailable. */
  ready(): Promise<void>
  report(): Promise<HealthReport>
  /** Goes last in the order of start, so that it is the first to stop. */
  part: Part
}

interface Needs {
  repo: HealthRepo
  jobs: Pick<RunnerRepo, 'count'>
  events: Pick<EventUpkeep, 'oldestUndeliveredSeconds'>
  activity: Pick<Activity, 'state'>
  /** What the last verification of the audit trail found. */
  audit: Pick<VerdictsRepo, 'last'>
  /** Where data is kept. */
  directory: string
  clock: Clock
}

const brokenTrail = 'The last verification of the audit trail failed. The console says where.'

/** Anybody may ask for the report, so the checks behind it run at most this often. */
const reportMs = 1_000

export function createHealth({ repo, jobs, events, activity, audit, directory, clock }: Needs): Health {
  const startedAtMs = clock.nowMs()
  let stopping = false
  let last: { atMs: number; report: Promise<HealthReport> } | undefined

  async function checkAll(): Promise<HealthReport> {
    const [database, migrations, queue, delivery, trail, disk] = await Promise.all([
      checkDatabase(),
      observed(async () => ({ status: 'pass' as const, applied: await repo.appliedMigrations() })),
      observed(async () => {
        const counts = await jobs.count()
        return { status: jobsStatus(counts), ...counts }
      }),
      observed(async () => {
        const seconds = await events.oldestUndeliveredSeconds()
        return { status: eventsStatus(seconds), oldestUndeliveredSeconds: Math.round(seconds * 10) / 10 }
      }),
      observed(async () => {
        const last = await audit.last()
        if (last?.valid === false)
          // Degraded: what the server serves is as good as before, and probes must not take it away.
          return { status: 'warn' as const, message: brokenTrail, lastVerifiedAt: last.verifiedAt }
        return { status: 'pass' as const, lastVerifiedAt: last?.verifiedAt ?? null }
      }),
      observed(async () => {
        const { bavail, blocks } = (await fileSystemOf(directory)).stats
        const freePercent = Math.round((bavail / blocks) * 1_000) / 10
        return { status: diskStatus(freePercent), freePercent }
      }),
    ])
    const log = activity.state()
    const checks = {
      database,
      migrations,
      jobs: queue,
      events: delivery,
      activity: { status: log.dropped > 0 ? ('warn' as const) : ('pass' as const), ...log },
      audit: trail,
      disk,
    }
    return {
      status: overallStatus(checks),
      timestamp: clock.now().toISOString(),
      version: productVersion,
      uptimeSeconds: Math.floor((clock.nowMs() - startedAtMs) / 1_000),
      checks,
    }
  }

  async function checkDatabase(): Promise<HealthReport['checks']['database']> {
    const health = await repo.ping()
    // The reason names hosts and users; the log of the database package has it.
    return health.ok
      ? { status: 'pass', latencyMs: health.latencyMs }
      : { status: 'fail', message: 'The database does not answer.' }
  }

  return {
    timestamp: () => clock.now().toISOString(),

    async ready() {
      if (stopping) throw problem('server.stopping', { retryAfterSeconds: 5 })
      const health = await repo.ping()
      if (!health.ok)
        throw problem('server.unavailable', { retryAfterSeconds: 2, cause: new Error(health.reason) })
    },

    report() {
      if (last === undefined || clock.nowMs() - last.atMs >= reportMs) {
        last = { atMs: clock.nowMs(), report: checkAll() }
      }
      return last.report
    },

    part: {
      name: 'health',
      async stop() {
        stopping = true
      },
    },
  }
}

/** A check that cannot be made has failed; why is for the log of what it asked, not for the public. */
async function observed<C extends { status: 'pass' | 'warn' | 'fail' }>(
  check: () => Promise<C>,
): Promise<C | { status: 'fail'; message: string }> {
  try {
    return await check()
  } catch {
    return { status: 'fail', message: 'This could not be checked.' }
  }
}
