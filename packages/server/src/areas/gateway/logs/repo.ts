import type { LogFilters, RequestLog } from '@holdfast/contracts/gateway/analytics'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { indexedFilter, type LogCursor, statusRange } from './rules.ts'

export type LogsRepo = ReturnType<typeof createLogsRepo>
export type StoredLog = Omit<RequestLog, 'downstreamService'>

export interface LogPage {
  from?: string | undefined
  to?: string | undefined
  after: LogCursor | null
  offset: number
  limit: number
}

/**
 * A search looks at so many of the newest rows that its time span and its one indexed filter leave, so that its cost
 * does not grow with the log.
 */
export const windowRows = 100_000

/** What a transaction could see: what another one cannot see yet is news to it. */
export type LogSnapshot = string

/** All SQL that reads request logs. Everything runs in the tenant's scope. */
export function createLogsRepo(database: Database<Tables>) {
  const ofTenant = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('gateway_request_logs')
      .selectAll()
      .where('organization_id', '=', ctx.organizationId)

  /** What the filters leave of the newest rows of `newest`. */
  function matchingOf(ctx: Context, newest: ReturnType<typeof ofTenant>, filters: LogFilters) {
    const { path, statusCode, routeId, serviceId, method, errorCode, minDurationMs } = filters
    let matching = database
      .of(ctx)
      .selectFrom(newest.orderBy('at', 'desc').orderBy('id', 'desc').limit(windowRows).as('log'))
    if (path !== undefined) matching = matching.where('path', 'ilike', `%${path.replace(/[\\%_]/g, '\\$&')}%`)
    if (statusCode !== undefined) {
      const [from, to] = statusRange(statusCode)
      matching = matching.where('status_code', '>=', from).where('status_code', '<=', to)
    }
    if (routeId !== undefined) matching = matching.where('route_id', '=', routeId)
    if (serviceId !== undefined) matching = matching.where('service_id', '=', serviceId)
    if (method !== undefined) matching = matching.where('method', '=', method.toUpperCase())
    if (errorCode !== undefined) matching = matching.where('error_code', '=', errorCode)
    if (minDurationMs !== undefined) matching = matching.where('response_time_ms', '>=', minDurationMs)
    return matching
  }

  const shown = (matching: ReturnType<typeof matchingOf>) =>
    matching
      .select(['id', 'at as timestamp', 'gateway_id as gatewayId', 'consumer_id as consumerId'])
      .select('user_id as userId')
      .select(['route_id as routeId', 'service_id as serviceId', 'method', 'path'])
      .select(['status_code as statusCode', 'response_time_ms as responseTimeMs'])
      .select(['downstream_latency_ms as downstreamLatencyMs', 'request_id as requestId'])
      .select(['client_ip as clientIp', 'user_agent as userAgent', 'error_code as errorCode'])
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')

  return {
    /** Newest first. */
    list(ctx: Context, filters: LogFilters, page: LogPage): Promise<StoredLog[]> {
      const indexed = indexedFilter(filters)
      let newest = ofTenant(ctx)
      if (page.from !== undefined) newest = newest.where('at', '>=', page.from)
      if (page.to !== undefined) newest = newest.where('at', '<=', page.to)
      if (page.after !== null)
        newest = newest.where(
          sql<boolean>`(at, id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`,
        )
      if (indexed !== null) newest = newest.where(indexed.column, '=', indexed.value)
      return shown(matchingOf(ctx, newest, filters))
        .limit(page.limit)
        .offset(Math.min(page.offset, windowRows))
        .execute()
    },

    async snapshot(ctx: Context): Promise<LogSnapshot> {
      const { rows } = await sql<{ now: LogSnapshot }>`select pg_current_snapshot()::text as now`.execute(
        database.of(ctx),
      )
      return rows[0]?.now ?? ''
    },

    /**
     * What one snapshot sees and the one before did not, newest first, and how many that are: more than `limit` are
     * counted and not read. What came late, of requests that began long ago, is among them.
     */
    async arrived(
      ctx: Context,
      filters: LogFilters,
      { since, until, limit }: { since: LogSnapshot; until: LogSnapshot; limit: number },
    ): Promise<{ rows: StoredLog[]; total: number }> {
      const news = ofTenant(ctx).where(
        sql<boolean>`transaction_id >= pg_snapshot_xmin(${since}::pg_snapshot)
          and transaction_id < pg_snapshot_xmax(${until}::pg_snapshot)
          and pg_visible_in_snapshot(transaction_id, ${until}::pg_snapshot)
          and not pg_visible_in_snapshot(transaction_id, ${since}::pg_snapshot)`,
      )
      const matching = matchingOf(ctx, news, filters)
      const rows = await shown(matching).limit(limit).execute()
      if (rows.length < limit) return { rows, total: rows.length }
      const { total } = await matching
        .select((is) => is.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return { rows, total }
    },
  }
}
