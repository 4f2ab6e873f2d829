import type { GatewayStatus } from '@holdfast/contracts/gateway/gateways'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ConfigFeed } from '../config-feed/service.ts'
import type { GatewaysRepo } from './repo.ts'
import { shownGateway } from './rules.ts'

/** The gateways of a tenant as a whole: whether one is connected, and which of them lag behind the configuration. */
export interface Gateways {
  status(ctx: Context): Promise<GatewayStatus>
}

interface Needs {
  repo: Pick<GatewaysRepo, 'list'>
  feed: Pick<ConfigFeed, 'current'>
  database: Pick<Database<Tables>, 'tenant'>
  clock: Clock
}

export function createGateways({ repo, feed, database, clock }: Needs): Gateways {
  return {
    status: (ctx) =>
      database.tenant(ctx, async (tx) => {
        const tenantId = ctx.organizationId ?? ''
        const { revision } = await feed.current(tx, tenantId)
        const gateways = (await repo.list(tx)).map((gateway) =>
          shownGateway(gateway, revision, clock.nowMs()),
        )
        const connected = gateways.filter(({ online }) => online)
        return {
          tenantId,
          online: connected.length > 0,
          revision,
          behind: connected.filter(({ behind }) => behind > 0).length,
          gateways,
        }
      }),
  }
}
