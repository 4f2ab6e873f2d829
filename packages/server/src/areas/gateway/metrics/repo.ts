import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { StoredMetrics } from './rules.ts'

export type GatewayMetricsRepo = ReturnType<typeof createGatewayMetricsRepo>

/** All SQL that reads metrics. Everything runs in the tenant's scope. */
export function createGatewayMetricsRepo(database: Database<Tables>) {
  return {
    /** Slots that begin at `from` or later, oldest first. */
    since: (ctx: Context, slotSeconds: number, from: Date): Promise<StoredMetrics[]> =>
      database
        .of(ctx)
        .selectFrom('gateway_metrics')
        .select(['at', 'requests', 'errors', 'refused'])
        .select(sql<StoredMetrics['latency']>`latency`.as('latency'))
        .where('organization_id', '=', ctx.organizationId)
        .where('slot_seconds', '=', slotSeconds)
        .where('at', '>=', from.toISOString())
        .orderBy('at')
        .execute(),
  }
}
