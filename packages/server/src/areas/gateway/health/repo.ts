import type { HealthSnapshot } from '@holdfast/contracts/gateway/analytics'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type GatewayHealthRepo = ReturnType<typeof createGatewayHealthRepo>

const columns = sql`service_id as "serviceId", checked_at as "checkedAt", gateway_id as "gatewayId", status,
  latency_ms as "latencyMs", error_message as "errorMessage"`

/** All SQL that reads health checks. Everything runs in the tenant's scope. */
export function createGatewayHealthRepo(database: Database<Tables>) {
  return {
    /** The newest of each of these services that has one. */
    async newest(ctx: Context, serviceIds: readonly string[]): Promise<HealthSnapshot[]> {
      const { rows } = await sql<HealthSnapshot>`
        select newest.* from unnest(${serviceIds}::uuid[]) with ordinality as service (id, position)
        cross join lateral (
          select ${columns} from gateway_health_checks
          where organization_id = ${ctx.organizationId} and service_id = service.id
          order by checked_at desc limit 1
        ) as newest
        order by position
      `.execute(database.of(ctx))
      return rows
    },

    /** Newest first. */
    async history(ctx: Context, serviceId: string, limit: number): Promise<HealthSnapshot[]> {
      const { rows } = await sql<HealthSnapshot>`
        select ${columns} from gateway_health_checks
        where organization_id = ${ctx.organizationId} and service_id = ${serviceId}
        order by checked_at desc limit ${limit}
      `.execute(database.of(ctx))
      return rows
    },
  }
}
