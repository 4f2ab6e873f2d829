import type { Database } from '@holdfast/database/database'
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { containing, inBatches, jsonOrNull } from '../listing/sql.ts'
import type { ListFilter } from '../listing/store.ts'
import type { StoredService } from './model.ts'

export type ServicesRepo = ReturnType<typeof createServicesRepo>

/** All SQL of gateway services. Everything runs in the tenant's scope. */
export function createServicesRepo(database: Database<Tables>) {
  const select = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('gateway_services')
      .select([
        'id',
        'organization_id as tenantId',
        'name',
        'health_check_path as healthCheckPath',
        'timeout_ms as timeoutMs',
        'is_platform as isPlatform',
        'created_at as createdAt',
        'updated_at as updatedAt',
        'deleted_at as deletedAt',
      ])
      .select([
        sql<StoredService['targets']>`targets`.as('targets'),
        sql<StoredService['circuitBreaker']>`circuit_breaker`.as('circuitBreaker'),
      ])
      .where('organization_id', '=', ctx.organizationId)
      .where('deleted_at', 'is', null)

  return {
    list: (ctx: Context, { limit, cursor, search }: ListFilter): Promise<StoredService[]> =>
      select(ctx)
        .where((is) => {
          const wanted: Expression<SqlBool>[] = []
          if (cursor !== undefined) wanted.push(is('id', '>', cursor))
          if (search !== undefined)
            wanted.push(sql<boolean>`name || ' ' || targets::text ilike ${containing(search)}`)
          return is.and(wanted)
        })
        .orderBy('id')
        .limit(limit)
        .execute(),

    find: (ctx: Context, id: string): Promise<StoredService | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    /** The one that is this server. */
    findPlatform: (ctx: Context): Promise<StoredService | undefined> =>
      select(ctx).where('is_platform', '=', true).executeTakeFirst(),

    /** Inserts them, or replaces those that are there. */
    async save(ctx: Context, services: readonly StoredService[]): Promise<void> {
      for (const batch of inBatches(services)) {
        await database
          .of(ctx)
          .insertInto('gateway_services')
          .values(
            batch.map((service) => ({
              id: service.id,
              organization_id: service.tenantId,
              name: service.name,
              targets: JSON.stringify(service.targets),
              health_check_path: service.healthCheckPath,
              timeout_ms: service.timeoutMs,
              circuit_breaker: jsonOrNull(service.circuitBreaker),
              is_platform: service.isPlatform,
              created_at: service.createdAt,
              updated_at: service.updatedAt,
            })),
          )
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((is) => ({
              name: is.ref('excluded.name'),
              targets: is.ref('excluded.targets'),
              health_check_path: is.ref('excluded.health_check_path'),
              timeout_ms: is.ref('excluded.timeout_ms'),
              circuit_breaker: is.ref('excluded.circuit_breaker'),
              updated_at: is.ref('excluded.updated_at'),
            })),
          )
          .execute()
      }
    },

    async remove(ctx: Context, ids: readonly string[], at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('gateway_services')
        .set({ deleted_at: at.toISOString() })
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
        .execute()
    },
  }
}
