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

/** All SQL that reads request logs. Everything runs in the tenant's scope. */
export function createLogsRepo(database: Database<Tables>) {
  return {
    /** Newest first. */
    list(ctx: Context, filters: LogFilters, page: LogPage): Promise<StoredLog[]> {
      const indexed = indexedFilter(filters)
      let newest = database
        .of(ctx)
        .selectFrom('gateway_request_logs')
        .selectAll()
        .where('organization_id', '=', ctx.organizationId)
      if (page.from !== undefined) newest = newest.where('at', '>=', page.from)
      if (page.to !== undefined) newest = newest.where('at', '<=', page.to)
      if (page.after !== null)
        newest = newest.where(
          sql<boolean>`(at, id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`,
        )
      if (indexed !== null) newest = newest.where(indexed.column, '=', indexed.value)

      let matching = database
        .of(ctx)
        .selectFrom(newest.orderBy('at', 'desc').orderBy('id', 'desc').limit(windowRows).as('log'))
      const { path, statusCode, routeId, serviceId, method, errorCode, minDurationMs } = filters
      if (path !== undefined)
        matching = matching.where('path', 'ilike', `%${path.replace(/[\\%_]/g, '\\$&')}%`)
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
        .select(['id', 'at as timestamp', 'gateway_id as gatewayId', 'consumer_id as consumerId'])
        .select(['route_id as routeId', 'service_id as serviceId', 'method', 'path'])
        .select(['status_code as statusCode', 'response_time_ms as responseTimeMs'])
        .select(['downstream_latency_ms as downstreamLatencyMs', 'request_id as requestId'])
        .select(['client_ip as clientIp', 'user_agent as userAgent', 'error_code as errorCode'])
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(Math.min(page.offset, windowRows))
        .execute()
    },
  }
}
