import type { ErrorEvent } from '@holdfast/contracts/gateway/analytics'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { LogCursor } from '../logs/rules.ts'

export type GatewayErrorsRepo = ReturnType<typeof createGatewayErrorsRepo>

const offsetMax = 100_000

/** All SQL of what went wrong at gateways. Everything runs in the tenant's scope. */
export function createGatewayErrorsRepo(database: Database<Tables>) {
  return {
    /** Newest first. */
    list(
      ctx: Context,
      page: { resolved: boolean | undefined; after: LogCursor | null; offset: number; limit: number },
    ): Promise<ErrorEvent[]> {
      let found = database
        .of(ctx)
        .selectFrom('gateway_error_events')
        .where('organization_id', '=', ctx.organizationId)
      if (page.resolved !== undefined)
        found = found.where('resolved_at', page.resolved ? 'is not' : 'is', null)
      if (page.after !== null)
        found = found.where(sql<boolean>`(at, id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`)
      return found
        .select(['id', 'at as timestamp', 'gateway_id as gatewayId', 'request_id as requestId'])
        .select(['error_code as errorCode', 'message', 'service_id as serviceId', 'path'])
        .select(['status_code as statusCode', sql<boolean>`resolved_at is not null`.as('resolved')])
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(Math.min(page.offset, offsetMax))
        .execute()
    },

    /** Answers how many rows it met: none when there is no such error. */
    async setResolved(ctx: Context, id: string, resolvedAt: Date | null): Promise<number> {
      const { numUpdatedRows } = await database
        .of(ctx)
        .updateTable('gateway_error_events')
        .set({ resolved_at: resolvedAt?.toISOString() ?? null })
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', id)
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },
  }
}
