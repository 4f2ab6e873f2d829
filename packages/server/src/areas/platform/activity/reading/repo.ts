import type { ActivityFilters, ActivityRow } from '@holdfast/contracts/platform/activity'
import type { Database } from '@holdfast/database/database'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'

export interface Span {
  from: string
  until: string
}

/** A place in the log. Rows are ordered by time, then by id. */
export interface Position {
  at: string
  id: string
}

export interface ActivityPage {
  filters: ActivityFilters
  /** Only rows before this one. */
  before: Position | null
  limit: number
  offset: number
}

/**
 * One question looks at this many rows, the newest of its span: so its cost does not grow with the log. Whoever wants
 * to see what is older goes on from where it ended.
 */
const windowRowsDefault = 200_000

/**
 * Whether one of a row's texts holds `search`, whatever the case. All texts are compared as one; and by the rules of "C"
 * where `search` is ASCII, which finds the same and is several times faster than folding every letter of Unicode.
 */
function holds(search: string) {
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  const texts = sql`concat_ws(E'\\n', message, action, source, ip, user_agent)`
  return /^[ -~]*$/.test(search)
    ? sql<boolean>`${texts} collate "C" ilike ${pattern}`
    : sql<boolean>`${texts} ilike ${pattern}`
}

/** Looking through the log. */
export function createActivityReading(database: Database<Tables>, windowRows = windowRowsDefault) {
  const orderedWindow = (ctx: Context, { filters, before }: Pick<ActivityPage, 'filters' | 'before'>) => {
    const { action, since, until } = filters
    const actions = (action ?? '').split(',').filter((name) => name !== '')
    return database
      .of(ctx)
      .selectFrom('activity')
      .$if(actions.length > 0, (query) => query.where('action', 'in', actions))
      .$if(since !== undefined, (query) => query.where('created_at', '>=', since ?? ''))
      .$if(until !== undefined, (query) => query.where('created_at', '<', until ?? ''))
      .$if(before !== null, (query) =>
        query.where(sql<boolean>`(created_at, id) < (${before?.at}::timestamptz, ${before?.id}::uuid)`),
      )
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
  }

  const matching = (ctx: Context, page: Pick<ActivityPage, 'filters' | 'before'>) => {
    const { search = '', source, status, userId, endpointId } = page.filters
    return database
      .of(ctx)
      .selectFrom(orderedWindow(ctx, page).selectAll().limit(windowRows).as('activity'))
      .$if(source !== undefined, (query) => query.where('source', '=', source ?? ''))
      .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
      .$if(endpointId !== undefined, (query) => query.where('endpoint_id', '=', endpointId ?? ''))
      .$if(status !== undefined, (query) =>
        query.where(
          sql<boolean>`(action = 'error' or action like '%\\_failed' or coalesce(status_code, 0) >= 400) = ${status === 'failed'}`,
        ),
      )
      .$if(search !== '', (query) => query.where(holds(search)))
  }

  const columns = <O>(query: SelectQueryBuilder<Tables, 'activity', O>) =>
    query
      .select(['id as _id', 'id', 'action', 'user_id as userId', 'endpoint_id as endpointId', 'message'])
      .select(['ip', 'user_agent as userAgent', 'status_code as statusCode', 'created_at as createdAt'])
      .select(sql<ActivityRow['source']>`source`.as('source'))
      .select(sql<ActivityRow['details']>`details`.as('details'))
      .select(sql<number | null>`response_time_ms`.as('responseTime'))

  return {
    windowRows,

    async list(ctx: Context, page: ActivityPage): Promise<ActivityRow[]> {
      return columns(matching(ctx, page))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(Math.min(page.offset, windowRows))
        .execute()
    },

    /** How many rows `list` can reach with these filters; at most the window. */
    async countListed(ctx: Context, page: Pick<ActivityPage, 'filters' | 'before'>): Promise<number> {
      const { count } = await matching(ctx, page)
        .select(sql<number>`count(*)`.as('count'))
        .executeTakeFirstOrThrow()
      return count
    },

    /** The last row that one question looks at; undefined when it looks at all there is. */
    async windowEnd(
      ctx: Context,
      page: Pick<ActivityPage, 'filters' | 'before'>,
    ): Promise<Position | undefined> {
      return orderedWindow(ctx, page)
        .select(['created_at as at', 'id'])
        .offset(windowRows - 1)
        .limit(1)
        .executeTakeFirst()
    },

    /** `around` is when the row was written, which its id tells: one partition is looked at instead of all. */
    async find(ctx: Context, id: string, around: Span): Promise<ActivityRow | undefined> {
      return columns(database.of(ctx).selectFrom('activity'))
        .where('id', '=', id)
        .where('created_at', '>=', around.from)
        .where('created_at', '<', around.until)
        .executeTakeFirst()
    },

    /** The newest `limit` rows since `from`, oldest first. */
    async since(ctx: Context, from: string, limit: number): Promise<ActivityRow[]> {
      const rows = await columns(database.of(ctx).selectFrom('activity'))
        .where('created_at', '>=', from)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.toReversed()
    },
  }
}
