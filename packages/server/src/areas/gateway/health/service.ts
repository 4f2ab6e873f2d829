import type { HealthSnapshot } from '@holdfast/contracts/gateway/analytics'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { GatewayHealthRepo } from './repo.ts'

/** What the gateways' health checks of a tenant's services found. Services that are deleted are left out. */
export interface GatewayHealth {
  /** The newest check of each service that was ever checked. */
  list(ctx: Context): Promise<HealthSnapshot[]>
  /** Newest first, at most a hundred. Throws gateway_services.not_found. */
  history(ctx: Context, serviceId: string): Promise<HealthSnapshot[]>
}

interface Needs {
  repo: GatewayHealthRepo
  database: Pick<Database<Tables>, 'tenant'>
  liveServiceIds: (ctx: Context) => Promise<string[]>
}

const historyRows = 100

export function createGatewayHealth({ repo, database, liveServiceIds }: Needs): GatewayHealth {
  return {
    list: (ctx) => database.tenant(ctx, async (tx) => repo.newest(tx, await liveServiceIds(tx))),

    history: (ctx, serviceId) =>
      database.tenant(ctx, async (tx) => {
        if (!(await liveServiceIds(tx)).includes(serviceId.toLowerCase()))
          throw problem('gateway_services.not_found')
        return repo.history(tx, serviceId, historyRows)
      }),
  }
}
