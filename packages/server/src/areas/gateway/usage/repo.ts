import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type UsageRepo = ReturnType<typeof createUsageRepo>

/** All SQL that reads what consumers have used. Everything runs in the tenant's scope. */
export function createUsageRepo(database: Database<Tables>) {
  return {
    /** Slots after `after` that had requests, oldest first. */
    slots: (
      ctx: Context,
      table: 'gateway_consumer_hours' | 'gateway_consumer_ten_minutes',
      consumerId: string,
      after: Date,
    ): Promise<{ timestamp: string; requests: number }[]> =>
      database
        .of(ctx)
        .selectFrom(table)
        .select(['at as timestamp', 'requests'])
        .where('organization_id', '=', ctx.organizationId)
        .where('consumer_id', '=', consumerId)
        .where('at', '>', after.toISOString())
        .orderBy('at')
        .execute(),

    /** The newest requests in the log, newest first. */
    recent: (
      ctx: Context,
      consumerId: string,
      limit: number,
    ): Promise<{ at: string; statusCode: number; responseTimeMs: number }[]> =>
      database
        .of(ctx)
        .selectFrom('gateway_request_logs')
        .select(['at', 'status_code as statusCode', sql<number>`response_time_ms`.as('responseTimeMs')])
        .where('organization_id', '=', ctx.organizationId)
        .where('consumer_id', '=', consumerId)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
  }
}
