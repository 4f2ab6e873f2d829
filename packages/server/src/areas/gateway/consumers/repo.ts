import type { ConsumerEntity } from '@holdfast/contracts/gateway/consumers'
import type { Database } from '@holdfast/database/database'
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ListFilter } from '../listing/store.ts'
import type { StoredConsumer } from './model.ts'
import { containing, inBatches } from '../listing/sql.ts'

export type ConsumersRepo = ReturnType<typeof createConsumersRepo>

/** All SQL of consumers. Everything runs in the tenant's scope. */
export function createConsumersRepo(database: Database<Tables>) {
  const select = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('gateway_consumers')
      .select([
        'id',
        'organization_id as tenantId',
        'name',
        'key_hash as keyHash',
        'created_at as createdAt',
        'revoked_at as revokedAt',
      ])
      .select(sql<ConsumerEntity['rateLimitTier']>`rate_limit_tier`.as('rateLimitTier'))
      .where('organization_id', '=', ctx.organizationId)
      .where('revoked_at', 'is', null)

  return {
    list: (ctx: Context, { limit, cursor, search }: ListFilter): Promise<StoredConsumer[]> =>
      select(ctx)
        .where((is) => {
          const wanted: Expression<SqlBool>[] = []
          if (cursor !== undefined) wanted.push(is('id', '>', cursor))
          if (search !== undefined) wanted.push(is('name', 'ilike', containing(search)))
          return is.and(wanted)
        })
        .orderBy('id')
        .limit(limit)
        .execute(),

    find: (ctx: Context, id: string): Promise<StoredConsumer | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    /** Inserts them, or replaces name and tier of those that are there. Removing is revoking: the row stays. */
    async save(ctx: Context, consumers: readonly StoredConsumer[]): Promise<void> {
      for (const batch of inBatches(consumers)) {
        await database
          .of(ctx)
          .insertInto('gateway_consumers')
          .values(
            batch.map((consumer) => ({
              id: consumer.id,
              organization_id: consumer.tenantId,
              name: consumer.name,
              rate_limit_tier: consumer.rateLimitTier,
              key_hash: consumer.keyHash,
              created_at: consumer.createdAt,
            })),
          )
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((is) => ({
              name: is.ref('excluded.name'),
              rate_limit_tier: is.ref('excluded.rate_limit_tier'),
            })),
          )
          .execute()
      }
    },

    async remove(ctx: Context, ids: readonly string[], at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('gateway_consumers')
        .set({ revoked_at: at.toISOString() })
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
        .execute()
    },
  }
}
