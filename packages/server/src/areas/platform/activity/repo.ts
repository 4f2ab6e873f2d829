import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { createActivityPartitions } from './partitions/repo.ts'
import { createActivityReading, type Span } from './reading/repo.ts'
import type { ActivityInsert } from './rules.ts'

export type ActivityRepo = ReturnType<typeof createActivityRepo>

export interface ActivityTrends {
  days: { day: string; action: string; source: string; calls: number; errors: number }[]
  activeUsers: number
}

/** Tells every replica that there are new rows. */
const writtenChannel = 'holdfast_activity'

export function createActivityRepo(database: Database<Tables>, countedMax?: number) {
  return {
    partitions: createActivityPartitions(database),
    reading: createActivityReading(database, countedMax),

    /**
     * One statement for the whole batch: the rows, and what is counted of them. Rows that are already there, because the
     * answer to an earlier try was lost, are neither stored nor counted again.
     */
    async insert(rows: readonly ActivityInsert[]): Promise<void> {
      await sql`
        with batch as (
          select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
            id uuid, created_at timestamptz, action text, source text, user_id uuid, endpoint_id text, message text,
            details jsonb, ip text, user_agent text, status_code smallint, response_time_ms real, user_login text,
            request_id text, words text[], calls bigint, errors bigint)
        ), written as (
          insert into activity (id, created_at, action, source, user_id, endpoint_id, message, details, ip, user_agent,
            status_code, response_time_ms, user_login, request_id, search)
          select id, created_at, action, source, user_id, endpoint_id, message, details, ip, user_agent, status_code,
            response_time_ms, user_login, request_id, array_to_tsvector(words)
          from batch
          on conflict do nothing
          returning id
        ), counted as (
          select * from batch where id in (select id from written)
        ), days as (
          insert into activity_days (day, row_count)
          select (created_at at time zone 'UTC')::date, count(*) from counted group by 1 order by 1
          on conflict (day) do update set row_count = activity_days.row_count + excluded.row_count
        ), hours as (
          insert into activity_hours (hour, action, source, calls, errors)
          select date_trunc('hour', created_at, 'UTC'), action, source, sum(calls), sum(errors)
          from counted group by 1, 2, 3 order by 1, 2, 3
          on conflict (hour, action, source) do update
          set calls = activity_hours.calls + excluded.calls, errors = activity_hours.errors + excluded.errors
        )
        insert into activity_users (user_id, last_day)
        select user_id, max(created_at at time zone 'UTC')::date
        from counted where user_id is not null group by 1 order by 1
        on conflict (user_id) do update set last_day = excluded.last_day
        where activity_users.last_day < excluded.last_day
      `.execute(database.kysely)
      await database.notify({}, writtenChannel, '')
    },

    /** Calls `handler` when some replica has written rows. */
    onWritten: (handler: () => Promise<void>) => database.listen(writtenChannel, handler),

    /** Counts per UTC day, action and source since `day`, and how many users did something since then. */
    async trends(ctx: Context, day: string): Promise<ActivityTrends> {
      const { rows } = await sql<ActivityTrends['days'][number]>`
        select (hour at time zone 'UTC')::date::text as day, action, source, sum(calls)::bigint as calls,
          sum(errors)::bigint as errors
        from activity_hours where hour >= ${`${day}T00:00:00Z`}::timestamptz group by 1, 2, 3
      `.execute(database.of(ctx))
      const users = await sql<{ count: number }>`
        select count(*) as count from activity_users where last_day >= ${day}::date`.execute(database.of(ctx))
      return { days: rows, activeUsers: users.rows[0]?.count ?? 0 }
    },

    /** What was counted of the row stays: it happened. */
    async remove(ctx: Context, id: string, around: Span): Promise<boolean> {
      const { numAffectedRows } = await sql`
        with removed as (
          delete from activity where id = ${id} and created_at >= ${around.from}::timestamptz
            and created_at < ${around.until}::timestamptz
          returning created_at
        )
        update activity_days set row_count = row_count - 1
        where day in (select (created_at at time zone 'UTC')::date from removed)
      `.execute(database.of(ctx))
      return numAffectedRows === 1n
    },

    /** The UTC day in which the row stands that `offset` newer ones precede, and how many of these are of later days. */
    async dayAt(ctx: Context, offset: number): Promise<{ day: string; later: number } | undefined> {
      const { rows } = await sql<{ day: string; later: number }>`
        select day::text, later from (
          select day, row_count, (sum(row_count) over (order by day desc))::bigint - row_count as later from activity_days
        ) as days
        where later <= ${offset}::bigint and later + row_count > ${offset}::bigint limit 1
      `.execute(database.of(ctx))
      return rows[0]
    },

    /** All rows, from the days' counters. */
    async count(ctx: Context): Promise<number> {
      const { count } = await database
        .of(ctx)
        .selectFrom('activity_days')
        .select(sql<number>`coalesce(sum(row_count), 0)::bigint`.as('count'))
        .executeTakeFirstOrThrow()
      return count
    },
  }
}
