import { databaseErrorCode } from '@holdfast/database/errors'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import { LRUCache } from 'lru-cache'
import type { Context } from '../../../context.ts'
import { dayOf, daysFrom, firstKeptDay } from '../../../day-partitions/rules.ts'
import type { Tables } from '../../../tables.ts'
import type { TelemetryRepo, TelemetrySource } from './repo.ts'
import { type ReceivedBatch, telemetryRows } from './rules.ts'

/**
 * What gateways report of the requests they answer, and of themselves.
 *
 * Invariants: a batch is stored whole and once, however often it comes: batches of one gateway process rise, and what is
 * not beyond the highest stored one is left out. What cannot be stored (not valid, too old, too much) is counted with
 * what the gateway dropped itself. Logs and errors lie in one partition per UTC day; retention drops partitions. All
 * else is trimmed as its tenant reports, so that nothing grows without bound.
 */
export interface Telemetry {
  /** Stores a batch of the tenant in `ctx`; false when it was there. */
  store(ctx: Context, source: TelemetrySource, batch: ReceivedBatch): Promise<boolean>
  /** Counts a batch that could not be stored, and passes it over for good. */
  giveUp(ctx: Context, source: TelemetrySource, batch: ReceivedBatch): Promise<void>
  /** The hourly chore: drops the days beyond the retention, prepares the coming ones. */
  maintain(ctx: Context): Promise<void>
}

interface Needs {
  repo: TelemetryRepo
  database: Pick<Database<Tables>, 'tenant' | 'transaction'>
  settings: { current: () => { gatewayLogRetentionDays: number } }
  clock: Clock
}

const daysAhead = 3
const trimEveryMs = 60_000
const tenantsRemembered = 10_000
/** "no partition of relation found for row". */
const checkViolation = '23514'

export function createTelemetry({ repo, database, settings, clock }: Needs): Telemetry {
  const knownDays = new Set<string>()
  const trimmedAtMs = new LRUCache<string, number>({ max: tenantsRemembered })
  const firstKept = () => firstKeptDay(clock.now(), settings.current().gatewayLogRetentionDays)

  async function ensureDays(days: readonly string[]): Promise<void> {
    const missing = days.filter((day) => !knownDays.has(day))
    if (missing.length === 0) return
    await database.transaction({}, async (tx) => {
      for (const partitions of repo.partitions) await partitions.ensure(tx, missing)
    })
    for (const day of missing) knownDays.add(day)
  }

  function isTrimDue(organizationId: string): boolean {
    const last = trimmedAtMs.get(organizationId)
    if (last !== undefined && clock.nowMs() - last < trimEveryMs) return false
    trimmedAtMs.set(organizationId, clock.nowMs())
    return true
  }

  async function write(ctx: Context, source: TelemetrySource, batch: ReceivedBatch): Promise<boolean> {
    const now = clock.now()
    const rows = telemetryRows(batch, now, new Date(firstKept()))
    await ensureDays([...new Set([...rows.logs, ...rows.errors].map(({ at }) => dayOf(at)))])
    return database.tenant(ctx, async (tx) => {
      if (!(await repo.advance(tx, source, batch.sequence, now))) return false
      await repo.insert(tx, source.gatewayId, rows)
      if (rows.dropped > 0) await repo.addDropped(tx, source.gatewayId, rows.dropped)
      await repo.trimHealth(tx, [...new Set(rows.health.map((check) => check.service_id))])
      if (isTrimDue(ctx.organizationId ?? '')) await repo.trim(tx, now)
      return true
    })
  }

  return {
    async store(ctx, source, batch) {
      try {
        return await write(ctx, source, batch)
      } catch (error) {
        if (databaseErrorCode(error) !== checkViolation) throw error
        // Another replica has dropped a partition that this one remembers.
        knownDays.clear()
        return write(ctx, source, batch)
      }
    },

    giveUp: (ctx, source, batch) =>
      database.tenant(ctx, async (tx) => {
        if (!(await repo.advance(tx, source, batch.sequence, clock.now()))) return
        const { logs, errors, health, metrics, dropped } = batch
        const lost = logs.length + errors.length + health.length + metrics.length
        await repo.addDropped(tx, source.gatewayId, Math.min(dropped, 1_000_000_000) + lost)
      }),

    maintain: (ctx) =>
      database.transaction(ctx, async (tx) => {
        for (const partitions of repo.partitions) {
          await partitions.dropBefore(tx, firstKept())
          await partitions.ensure(tx, daysFrom(clock.now(), daysAhead))
        }
      }),
  }
}
