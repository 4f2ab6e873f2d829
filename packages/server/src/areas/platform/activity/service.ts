import type { ActivityQuery, ActivityRow, TailQuery } from '@holdfast/contracts/platform/activity'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { type Context, systemContext } from '../../../context.ts'
import { daysFrom, firstKeptDay } from '../../../day-partitions/rules.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../audit/service.ts'
import type { Settings } from '../settings/service.ts'
import type { ActivityRepo, ActivityTrends } from './repo.ts'
import { type NewActivity, matches, sourceOf, writtenAround } from './rules.ts'
import { createActivityLists } from './lists.ts'
import { createActivityTail } from './tail.ts'
import { createActivityWriter } from './writer.ts'

/**
 * The activity log: what happened, for watching. Rows may be lost (see the writer), searched, cleared and expire;
 * proof of changes is the audit chain's business.
 *
 * Invariants: one partition per UTC day, made before its first row; retention drops whole days; clearing is audited.
 */
export interface Activity {
  /** Synchronous and cheap: for hot paths. Call it after the change has committed. */
  record(entry: NewActivity): void
  /** As `record`, with user, source, address and user agent taken from `ctx`. */
  recordFor(ctx: Context, entry: NewActivity): void
  /**
   * Newest first. With filters, `total` ends at a bound and says so. Throws request.invalid for a cursor that is none, for
   * a search without a letter or digit, and for a page beyond that bound.
   */
  list(
    ctx: Context,
    query: ActivityQuery,
  ): Promise<{ rows: ActivityRow[]; total: number; totalIsLowerBound: boolean; nextCursor: string | null }>
  /** New rows as they are written by any replica, oldest first, until `ctx.signal` aborts. */
  follow(ctx: Context, filters: TailQuery): AsyncIterable<ActivityRow>
  /** Null when there is no row with this UUID. */
  find(ctx: Context, id: string): Promise<ActivityRow | null>
  /** Deletes one row, which is audited. What was counted of it stays. */
  remove(ctx: Context, id: string): Promise<void>
  /** How many rows the log holds. */
  count(ctx: Context): Promise<number>
  /** What was counted since `day` (UTC, inclusive); costs the same however long the log is. */
  trends(ctx: Context, day: string): Promise<ActivityTrends>
  /** Answers how many rows are gone. */
  clear(ctx: Context): Promise<number>
  /** Drops the days beyond `logRetentionDays`; answers how many rows are gone. */
  clearOld(ctx: Context): Promise<number>
  /** The daily chore of the schedule: expire old days, prepare the coming ones. */
  maintain(ctx: Context): Promise<void>
  state(): { buffered: number; dropped: number }
  flush(): Promise<void>
  part: Part
}

interface Needs {
  repo: ActivityRepo
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  settings: Pick<Settings, 'current'>
  clock: Clock
  ids: Ids
  logger: Logger
}

const daysAhead = 3

export function createActivity({
  repo,
  database,
  audit,
  events,
  settings,
  clock,
  ids,
  logger,
}: Needs): Activity {
  const ensureDays = (days: string[]) => database.transaction({}, (tx) => repo.partitions.ensure(tx, days))
  const writer = createActivityWriter({ insert: (rows) => repo.insert(rows), ensureDays, clock, ids, logger })
  const tail = createActivityTail({
    since: (from, limit) => repo.reading.since(systemContext('activity tail'), from, limit),
    clock,
  })
  let stopListening: (() => Promise<void>) | undefined
  const firstKept = () => firstKeptDay(clock.now(), settings.current().logRetentionDays)

  function recordFor(ctx: Context, entry: NewActivity): void {
    writer.record({
      source: sourceOf(ctx.actor),
      userId: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
      login: ctx.actor.kind === 'user' ? ctx.actor.login : null,
      ip: ctx.ip,
      userAgent: ctx.userAgent,
      requestId: ctx.actor.kind === 'system' ? null : ctx.requestId,
      ...entry,
    })
  }

  return {
    record: writer.record,
    recordFor,
    state: writer.state,
    flush: writer.flush,

    ...createActivityLists(repo),

    follow: (ctx, filters) => matchingRows(tail.follow(ctx.signal), filters),

    count: (ctx) => repo.count(ctx),
    trends: (ctx, day) => repo.trends(ctx, day),

    find: async (ctx, id) => (await repo.reading.find(ctx, id, writtenAround(id))) ?? null,

    remove: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        await repo.remove(tx, id, writtenAround(id))
        await audit.append(tx, { target: { type: 'activity', id } })
      }),

    async clear(ctx) {
      const deleted = await database.transaction(ctx, async (tx) => {
        const rows = await repo.partitions.empty(tx)
        await events.append(tx, { type: 'activity.cleared', data: { deleted: rows } })
        await audit.append(tx, { target: { type: 'activity', id: null }, details: { deleted: rows } })
        return rows
      })
      recordFor(ctx, { action: 'logs_clear', message: `Cleared the activity log: ${deleted} rows` })
      return deleted
    },

    async clearOld(ctx) {
      const before = firstKept()
      const deleted = await database.transaction(ctx, async (tx) => {
        const rows = await repo.partitions.dropBefore(tx, before)
        await events.append(tx, { type: 'activity.expired', data: { deleted: rows, before } })
        await audit.append(tx, { target: { type: 'activity', id: null }, details: { deleted: rows, before } })
        return rows
      })
      recordFor(ctx, {
        action: 'logs_clear',
        message: `Cleared the activity log before ${before}: ${deleted} rows`,
      })
      return deleted
    },

    maintain: (ctx) =>
      database.transaction(ctx, async (tx) => {
        await repo.partitions.dropBefore(tx, firstKept())
        await repo.partitions.ensure(tx, daysFrom(clock.now(), daysAhead))
      }),

    part: {
      ...writer.part,
      async start() {
        stopListening = await repo.onWritten(tail.wake)
      },
      async stop() {
        await writer.part.stop?.()
        await stopListening?.()
      },
    },
  }
}

async function* matchingRows(rows: AsyncIterable<ActivityRow>, filters: TailQuery) {
  for await (const row of rows) if (matches(row, filters)) yield row
}
