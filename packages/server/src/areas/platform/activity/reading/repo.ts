import {
  type ActivityFilters,
  activityCountedMax,
  type ActivityRow,
} from '@holdfast/contracts/platform/activity'
import type { Database } from '@holdfast/database/database'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { Search } from '../words.ts'

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
  filters: Omit<ActivityFilters, 'search'>
  search: Search | null
  /** Only rows before this one. */
  before: Position | null
  limit: number
  offset: number
}

type Where = Pick<ActivityPage, 'filters' | 'search' | 'before'>

/** As the index `activity_failed` says it. */
const hasFailed = sql<boolean>`(action = 'error' or action like '%\\_failed' or coalesce(status_code, 0) >= 400)`
const texts = sql`concat_ws(E'\\n', message, action, source, user_login, ip, user_agent, request_id, details::text)`

/** Every filter has an index with the time in it, so that rare rows are found as fast as common ones. */
export function createActivityReading(database: Database<Tables>, countedMax = activityCountedMax) {
  const matching = (ctx: Context, { filters, search, before }: Where) => {
    const { action, source, status, userId, endpointId, since, until } = filters
    const actions = (action ?? '').split(',').filter((name) => name !== '')
    return database
      .of(ctx)
      .selectFrom('activity')
      .$if(actions.length > 0, (query) => query.where('action', 'in', actions))
      .$if(source !== undefined, (query) => query.where('source', '=', source ?? ''))
      .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
      .$if(endpointId !== undefined, (query) => query.where('endpoint_id', '=', endpointId ?? ''))
      .$if(status === 'failed', (query) => query.where(hasFailed))
      .$if(status === 'ok', (query) => query.where(sql<boolean>`not ${hasFailed}`))
      .$if(since !== undefined, (query) => query.where('created_at', '>=', since ?? ''))
      .$if(until !== undefined, (query) => query.where('created_at', '<', until ?? ''))
      .$if(search !== null, (query) => query.where(sql<boolean>`search @@ ${search?.query}::tsquery`))
      .$if(before !== null, (query) =>
        query.where(sql<boolean>`(created_at, id) < (${before?.at}::timestamptz, ${before?.id}::uuid)`),
      )
      .where((expression) =>
        expression.and(
          (search?.phrases ?? []).map(
            (phrase) => sql<boolean>`${texts} ilike ${`%${phrase.replace(/[\\%_]/g, '\\$&')}%`}`,
          ),
        ),
      )
  }

  const columns = <O>(query: SelectQueryBuilder<Tables, 'activity', O>) =>
    query
      .select(['id as _id', 'id', 'action', 'user_id as userId', 'endpoint_id as endpointId', 'message'])
      .select(['ip', 'user_agent as userAgent', 'status_code as statusCode', 'created_at as createdAt'])
      .select(['user_login as login', 'request_id as requestId'])
      .select(sql<ActivityRow['source']>`source`.as('source'))
      .select(sql<ActivityRow['details']>`details`.as('details'))
      .select(sql<number | null>`response_time_ms`.as('responseTime'))

  return {
    countedMax,

    async list(ctx: Context, page: ActivityPage): Promise<ActivityRow[]> {
      return columns(matching(ctx, page))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute()
    },

    /** How many rows there are with these filters; one more than `countedMax` when there are more than that. */
    async countListed(ctx: Context, where: Where): Promise<number> {
      const { count } = await database
        .of(ctx)
        .selectFrom(
          matching(ctx, where)
            .select(sql`1`.as('one'))
            .limit(countedMax + 1)
            .as('listed'),
        )
        .select(sql<number>`count(*)`.as('count'))
        .executeTakeFirstOrThrow()
      return count
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
