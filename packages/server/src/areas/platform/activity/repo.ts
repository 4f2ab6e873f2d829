import type { ActivityQuery, ActivityRow } from '@holdfast/contracts/platform/activity'
import type { Database } from '@holdfast/database/database'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { createActivityPartitions } from './partitions/repo.ts'
import type { ActivityInsert } from './rules.ts'

export type ActivityRepo = ReturnType<typeof createActivityRepo>

/** A search looks at this many of the newest rows, so that its cost does not grow with the log. */
const windowRows = 200_000

export function createActivityRepo(database: Database<Tables>) {
  const ofNewest = (ctx: Context, action: string | undefined) =>
    database.of(ctx).selectFrom((from) =>
      from
        .selectFrom('activity')
        .selectAll()
        .$if(action !== undefined, (query) => query.where('action', '=', action ?? ''))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(windowRows)
        .as('activity'),
    )

  function matching<O>(query: SelectQueryBuilder<Tables, 'activity', O>, search: string | undefined) {
    if (search === undefined || search === '') return query
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
    return query.where((is) =>
      is.or(
        (['message', 'action', 'source', 'ip', 'user_agent'] as const).map((column) =>
          is(column, 'ilike', pattern),
        ),
      ),
    )
  }

  return {
    partitions: createActivityPartitions(database),

    /** One statement for the whole batch: the rows and how many each day has got. */
    async insert(rows: readonly ActivityInsert[]): Promise<void> {
      await sql`
        with written as (
          insert into activity
          select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
            id uuid, created_at timestamptz, action text, source text, user_id uuid, endpoint_id text, message text,
            details jsonb, ip text, user_agent text, status_code smallint, response_time_ms real)
          returning created_at
        )
        insert into activity_days (day, row_count)
        select created_at::date, count(*) from written group by 1 order by 1
        on conflict (day) do update set row_count = activity_days.row_count + excluded.row_count
      `.execute(database.kysely)
    },

    async list(ctx: Context, { page, limit, action, search }: ActivityQuery): Promise<ActivityRow[]> {
      return matching(ofNewest(ctx, action), search)
        .select([
          'id as _id',
          'id',
          'action',
          'user_id as userId',
          'endpoint_id as endpointId',
          'message',
          'ip',
        ])
        .select(['user_agent as userAgent', 'status_code as statusCode', 'created_at as createdAt'])
        .select(sql<ActivityRow['source']>`source`.as('source'))
        .select(sql<ActivityRow['details']>`details`.as('details'))
        .select(sql<number | null>`response_time_ms`.as('responseTime'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(Math.min((page - 1) * limit, windowRows))
        .execute()
    },

    /** How many rows `list` can reach with these filters; at most the window. */
    async countListed(
      ctx: Context,
      { action, search }: Pick<ActivityQuery, 'action' | 'search'>,
    ): Promise<number> {
      const { count } = await matching(ofNewest(ctx, action), search)
        .select(sql<number>`count(*)`.as('count'))
        .executeTakeFirstOrThrow()
      return count
    },

    windowRows,

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
