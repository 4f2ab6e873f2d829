import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { GatewayStandings, StoredGateway } from './model.ts'

/** Tells every replica that a gateway came, went or put a revision into force; the payload is the organization's id. */
const gatewaysChannel = 'holdfast_gateways'

export type GatewaysRepo = ReturnType<typeof createGatewaysRepo>

/** SQL that reads which gateways of a tenant there are. The link writes them. Everything runs in the tenant's scope. */
export function createGatewaysRepo(database: Database<Tables>) {
  return {
    list: (ctx: Context): Promise<StoredGateway[]> =>
      database
        .of(ctx)
        .selectFrom('gateways')
        .select([
          'id',
          'key_id as keyId',
          'hostname',
          'version',
          'address',
          'connected_at as connectedAt',
          'last_seen_at as lastSeenAt',
          'disconnected_at as disconnectedAt',
          'applied_revision as appliedRevision',
          'dropped_events as droppedEvents',
        ])
        .select(sql<StoredGateway['previousEnd']>`previous_end`.as('previousEnd'))
        .where('organization_id', '=', ctx.organizationId)
        .orderBy('id')
        .execute(),

    /** How many are connected and were heard of after `since`, and how many of these have put `revision` into force. */
    async standing(ctx: Context, revision: number, since: Date): ReturnType<GatewayStandings['standing']> {
      return database
        .of(ctx)
        .selectFrom('gateways')
        .select([
          sql<number>`count(*)`.as('connected'),
          sql<number>`count(*) filter (where applied_revision >= ${revision})`.as('applied'),
        ])
        .where('organization_id', '=', ctx.organizationId)
        .where('disconnected_at', 'is', null)
        .where('last_seen_at', '>', since.toISOString())
        .executeTakeFirstOrThrow()
    },

    /** To be called by whoever writes a gateway's row, in the same transaction. */
    announce: (ctx: Context): Promise<void> =>
      database.notify(ctx, gatewaysChannel, ctx.organizationId ?? ''),

    listen: (handler: (organizationId: string | null) => void): Promise<() => Promise<void>> =>
      database.listen(gatewaysChannel, handler),
  }
}
