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
import { allOf, conditionsOf } from './conditions.ts'
import { type DayRows, type Window, windowsOf } from './windows.ts'

export interface Span {
  from: string
  until: string
}

/** A place in the log. Rows are ordered by time, then by id. */
export interface Position {
  at: string
  id: string
}

/** What is asked of the log. */
export interface Question {
  filters: Omit<ActivityFilters, 'search'>
  search: Search | null
  /** Only rows before this one. */
  before: Position | null
}

/** So many rows of the leading filter are looked at one by one before the indexes of the others are asked. */
const lookedAtMax = 2_000
/** Rows of the first window, in which the indexes of all filters are asked together. */
const windowRows = 200_000

/**
 * Looking through the log. Whether a filter is met by every row or by one in ten million decides how it is best asked,
 * and PostgreSQL's estimates of rare words are no help. So the newest rows are looked at one by one, which finds
 * what is common; what is not is asked of the indexes, window after window.
 */
export function createActivityReading(database: Database<Tables>, countedMax = activityCountedMax) {
  const spanOf = ({ since, until }: Question['filters'], before: Position | null) => [
    since === undefined ? undefined : sql<boolean>`created_at >= ${since}::timestamptz`,
    until === undefined ? undefined : sql<boolean>`created_at < ${until}::timestamptz`,
    before === null
      ? undefined
      : sql<boolean>`(created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`,
  ]

  /** Of the newest rows of the leading filter those that meet the others, and where to go on; null when that was all. */
  async function newest(ctx: Context, { filters, search, before }: Question, max: number) {
    const { leading, others } = conditionsOf(filters, search)
    const lookedAt = others.length === 0 ? max : lookedAtMax
    const { rows } = await sql<Position & { end: number | null }>`
      with looked as materialized (
        select * from activity where ${allOf([leading, ...spanOf(filters, before)])}
        order by created_at desc, id desc limit ${sql.lit(lookedAt)}
      )
      (select created_at as at, id, null::bigint as end from looked where ${allOf(others)}
        order by created_at desc, id desc limit ${sql.lit(max)})
      union all
      (select created_at, id, (select count(*) from looked) from looked order by created_at, id limit 1)
    `.execute(database.of(ctx))
    const last = rows.find(({ end }) => end !== null)
    const found = rows.filter(({ end }) => end === null)
    return { found, end: last === undefined || (last.end ?? 0) < lookedAt ? null : last }
  }

  /** Without a limit inside, so that PostgreSQL asks the indexes instead of hoping for a row that comes soon. */
  async function within(ctx: Context, { filters, search, before }: Question, window: Window, max: number) {
    const { leading, others } = conditionsOf(filters, search)
    const place = sql<boolean>`created_at >= ${window.from}::timestamptz and created_at < ${window.until}::timestamptz`
    const { rows } = await sql<Position>`
      select at, id from (
        select created_at as at, id from activity
        where ${allOf([leading, ...others, place, ...spanOf(filters, before)])} offset 0
      ) as found order by at desc, id desc limit ${sql.lit(max)}
    `.execute(database.of(ctx))
    return rows
  }

  /** Days with rows between the filters' instants and before `before`, newest first. */
  async function days(ctx: Context, { since }: Question['filters'], before: Position): Promise<DayRows[]> {
    return database
      .of(ctx)
      .selectFrom('activity_days')
      .select([sql<string>`day::text`.as('day'), 'row_count as rows'])
      .where('row_count', '>', 0)
      .where('day', '<=', before.at.slice(0, 10))
      .$if(since !== undefined, (query) => query.where('day', '>=', (since ?? '').slice(0, 10)))
      .orderBy('day', 'desc')
      .execute()
  }

  const columns = <O>(query: SelectQueryBuilder<Tables, 'activity', O>) =>
    query
      .select([
        'activity.id as _id',
        'activity.id',
        'action',
        'user_id as userId',
        'endpoint_id as endpointId',
      ])
      .select(['message', 'ip', 'user_agent as userAgent', 'status_code as statusCode'])
      .select(['created_at as createdAt', 'user_login as login', 'request_id as requestId'])
      .select(sql<ActivityRow['source']>`source`.as('source'))
      .select(sql<ActivityRow['details']>`details`.as('details'))
      .select(sql<number | null>`response_time_ms`.as('responseTime'))

  return {
    countedMax,

    /** Where the newest matching rows stand, newest first; one more than `countedMax` when there are more than that. */
    async places(ctx: Context, question: Question): Promise<Position[]> {
      const max = countedMax + 1
      const { found, end } = await newest(ctx, question, max)
      const places: Position[] = found.map(({ at, id }) => ({ at, id }))
      if (end === null) return places
      const rest = { ...question, before: end }
      for (const window of windowsOf(await days(ctx, question.filters, end), windowRows)) {
        if (places.length >= max) break
        places.push(...(await within(ctx, rest, window, max - places.length)))
      }
      return places
    },

    /** The rows that stand there, newest first. */
    async at(ctx: Context, places: readonly Position[]): Promise<ActivityRow[]> {
      const [first, last] = [places.at(-1), places[0]]
      if (first === undefined || last === undefined) return []
      const ids = places.map(({ id }) => id)
      const instants = places.map(({ at }) => at)
      return columns(
        database
          .of(ctx)
          .selectFrom(
            sql<Position>`unnest(${instants}::timestamptz[], ${ids}::uuid[])`.as<'place'>(
              sql`place (at, id)`,
            ),
          )
          .innerJoin('activity', (join) =>
            join.onRef('activity.created_at', '=', 'place.at').onRef('activity.id', '=', 'place.id'),
          ),
      )
        .where('created_at', '>=', first.at)
        .where('created_at', '<=', last.at)
        .orderBy('created_at', 'desc')
        .orderBy('activity.id', 'desc')
        .execute()
    },

    /** Whatever the rows hold. */
    async all(
      ctx: Context,
      { until, limit, offset }: { until: string | null; limit: number; offset: number },
    ) {
      return columns(database.of(ctx).selectFrom('activity'))
        .$if(until !== null, (query) => query.where('created_at', '<', until ?? ''))
        .orderBy('created_at', 'desc')
        .orderBy('activity.id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute()
    },

    /** `around` is when the row was written, which its id tells: one partition is looked at instead of all. */
    async find(ctx: Context, id: string, around: Span): Promise<ActivityRow | undefined> {
      return columns(database.of(ctx).selectFrom('activity'))
        .where('activity.id', '=', id)
        .where('created_at', '>=', around.from)
        .where('created_at', '<', around.until)
        .executeTakeFirst()
    },

    /** The newest `limit` rows since `from`, oldest first. */
    async since(ctx: Context, from: string, limit: number): Promise<ActivityRow[]> {
      const rows = await columns(database.of(ctx).selectFrom('activity'))
        .where('created_at', '>=', from)
        .orderBy('created_at', 'desc')
        .orderBy('activity.id', 'desc')
        .limit(limit)
        .execute()
      return rows.toReversed()
    },
  }
}
