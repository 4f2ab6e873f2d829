import { Gauge, type Registry } from 'prom-client'
import type { PlatformFigures } from './service.ts'

/** Gauges of what all processes share, and of this one's connections. */
export function createPlatformMetrics(register: Registry) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [register] })
  const up = gauge('holdfast_database_up', '1 when PostgreSQL answered this scrape, else 0.')
  const size = gauge('holdfast_database_size_bytes', 'Size of the database on disk.')
  const connections = new Gauge({
    name: 'holdfast_database_pool_connections',
    help: 'Connections of this process to PostgreSQL.',
    labelNames: ['state'] as const,
    registers: [register],
  })
  const waiting = gauge(
    'holdfast_database_pool_waiting_requests',
    'Work of this process that waits for a connection.',
  )
  const eventAge = gauge(
    'holdfast_events_oldest_undelivered_seconds',
    'Age of the oldest event that some consumer has not handled.',
  )
  const jobsWaiting = gauge('holdfast_jobs_waiting', 'Jobs that are due and not begun.')
  const jobsFailed = gauge('holdfast_jobs_failed', 'Jobs that are out of attempts.')
  const chains = gauge('holdfast_audit_chains', 'Audit chains: the platform, and one per organization.')
  const head = gauge(
    'holdfast_audit_chain_head',
    'Sequence of the newest entry of the platform’s audit chain.',
  )
  const valid = gauge(
    'holdfast_audit_valid',
    '1 when the last verification of the audit trail found nothing wrong, else 0.',
  )
  const verified = gauge(
    'holdfast_audit_verified_timestamp_seconds',
    'When the audit trail was verified last.',
  )
  const buffered = gauge('holdfast_activity_buffered_rows', 'Activity rows that are not written yet.')
  const dropped = gauge('holdfast_activity_dropped_rows', 'Activity rows that could not be written.')
  const shared = [size, eventAge, jobsWaiting, jobsFailed, chains, head, valid, verified]

  return {
    /** `figures` is null when the database did not answer: then its gauges are absent, not old. */
    set(own: Pick<PlatformFigures, 'connections' | 'activity'>, figures: PlatformFigures | null): void {
      connections.set({ state: 'in_use' }, own.connections.inUse)
      connections.set({ state: 'idle' }, own.connections.idle)
      waiting.set(own.connections.waiting)
      buffered.set(own.activity.buffered)
      dropped.set(own.activity.dropped)
      up.set(figures === null ? 0 : 1)
      if (figures === null) {
        for (const one of shared) one.remove()
        return
      }
      size.set(figures.databaseSizeBytes)
      eventAge.set(figures.oldestUndeliveredSeconds)
      jobsWaiting.set(figures.jobs.waiting)
      jobsFailed.set(figures.jobs.failed)
      chains.set(figures.audit.chains)
      head.set(figures.audit.platformHead)
      // Before the first verification there is nothing to say: absent is not zero.
      if (figures.verdict === null) {
        valid.remove()
        verified.remove()
        return
      }
      valid.set(figures.verdict.valid ? 1 : 0)
      verified.set(Date.parse(figures.verdict.verifiedAt) / 1_000)
    },
  }
}
