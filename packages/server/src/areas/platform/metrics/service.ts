import type { ServerResponse } from 'node:http'
import type { AdminMetrics } from '@holdfast/contracts/platform/metrics'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { Registry } from 'prom-client'
import { productVersion } from '../../../version.ts'
import type { EventUpkeep } from '../../../work/events/delivery/upkeep.ts'
import type { RunnerRepo } from '../../../work/jobs/repo.ts'
import type { Activity } from '../activity/service.ts'
import type { LastVerdict } from '../audit/verification/repo.ts'
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts'
import { createPlatformMetrics } from './platform-metrics.ts'
import { createProcessMetrics } from './process-metrics.ts'
import type { MetricsRepo } from './repo.ts'

/**
 * Metrics: what a monitoring system reads of this process, and what the processes share.
 *
 * Invariants: no label takes a value that a client can choose (route ids, classes of status), so that the number of
 * series is bounded; the database is asked at most once a second however often somebody scrapes; without the database
 * the answer still comes, and says so.
 */
export interface Metrics {
  observe: HttpMetrics['observe']
  /** For what does not pass the routes: counts the answer to a record request when it ends. Answers true. */
  observeRecords(response: Pick<ServerResponse, 'once' | 'statusCode'>): true
  /** The text format of Prometheus, version 0.0.4. */
  exposition(): Promise<{ contentType: string; text: string }>
  adminReport(): Promise<AdminMetrics>
  part: Part
}

export interface PlatformFigures {
  databaseSizeBytes: number
  connections: { inUse: number; idle: number; waiting: number }
  jobs: { waiting: number; failed: number }
  oldestUndeliveredSeconds: number
  activity: { buffered: number; dropped: number }
  audit: { chains: number; entries: number; platformHead: number }
  verdict: LastVerdict | null
}

interface Needs {
  repo: MetricsRepo
  jobs: Pick<RunnerRepo, 'count'>
  events: Pick<EventUpkeep, 'oldestUndeliveredSeconds'>
  activity: Pick<Activity, 'state'>
  audit: { heads(): Promise<PlatformFigures['audit']>; last(): Promise<LastVerdict | null> }
  clock: Clock
  logger: Logger
}

const figuresMs = 1_000

export function createMetrics({ repo, jobs, events, activity, audit, clock, logger }: Needs): Metrics {
  const register = new Registry()
  const http = createHttpMetrics(register)
  const ofProcess = createProcessMetrics(register, clock.nowMs())
  const ofPlatform = createPlatformMetrics(register)
  const startedAtMs = clock.nowMs()
  let last: { atMs: number; figures: Promise<PlatformFigures> } | undefined

  const own = () => ({ connections: repo.connections(), activity: activity.state() })

  async function read(): Promise<PlatformFigures> {
    const [databaseSizeBytes, counts, oldestUndeliveredSeconds, heads, verdict] = await Promise.all([
      repo.sizeBytes(),
      jobs.count(),
      events.oldestUndeliveredSeconds(),
      audit.heads(),
      audit.last(),
    ])
    return { databaseSizeBytes, jobs: counts, oldestUndeliveredSeconds, audit: heads, verdict, ...own() }
  }

  function figures(): Promise<PlatformFigures> {
    if (last === undefined || clock.nowMs() - last.atMs >= figuresMs)
      last = { atMs: clock.nowMs(), figures: read() }
    return last.figures
  }

  return {
    observe: http.observe,

    observeRecords(response) {
      const startedAtMs = performance.now()
      response.once('close', () =>
        http.observe('records', response.statusCode, performance.now() - startedAtMs),
      )
      return true
    },

    async exposition() {
      const read = await figures().catch((error: unknown) => {
        logger.warn({ err: error }, 'The database could not be measured')
        return null
      })
      ofPlatform.set(own(), read)
      return { contentType: register.contentType, text: await register.metrics() }
    },

    async adminReport() {
      const platform = await figures()
      const { total, clientErrors, serverErrors, durationMs } = http.totals()
      const { cpuSeconds, memoryBytes, eventLoopLagMs } = ofProcess.facts()
      const { inUse, idle, waiting } = platform.connections
      return {
        timestamp: clock.now().toISOString(),
        version: productVersion,
        uptime_seconds: Math.max(0, Math.floor((clock.nowMs() - startedAtMs) / 1_000)),
        requests: {
          total,
          client_errors: clientErrors,
          server_errors: serverErrors,
          average_ms: total === 0 ? null : Math.round((durationMs / total) * 100) / 100,
        },
        process: { cpu_seconds: cpuSeconds, memory_bytes: memoryBytes, event_loop_lag_ms: eventLoopLagMs },
        database: {
          size_bytes: platform.databaseSizeBytes,
          connections_in_use: inUse,
          connections_idle: idle,
          requests_waiting: waiting,
        },
        jobs: platform.jobs,
        events: { oldest_undelivered_seconds: platform.oldestUndeliveredSeconds },
        activity: platform.activity,
        audit: { chains: platform.audit.chains, entries: platform.audit.entries },
      }
    },

    part: {
      name: 'metrics',
      async start() {
        ofProcess.start()
      },
      async stop() {
        ofProcess.stop()
      },
    },
  }
}
