import type { Settings } from '@holdfast/contracts/gateway/tenants'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type TenantSettingsRepo = ReturnType<typeof createTenantSettingsRepo>

/** All SQL of what a tenant has set for all its routes. */
export function createTenantSettingsRepo(database: Database<Tables>) {
  return {
    find: (ctx: Context): Promise<Settings | undefined> =>
      database
        .of(ctx)
        .selectFrom('gateway_settings')
        .select([
          sql<Settings['tiers']>`tiers`.as('tiers'),
          'anonymous_per_minute as anonymousPerMinute',
          'body_size_bytes_max as bodySizeBytesMax',
          sql<Settings['addresses']>`addresses`.as('addresses'),
        ])
        .where('organization_id', '=', ctx.organizationId)
        .executeTakeFirst(),

    async save(ctx: Context, settings: Settings, at: Date): Promise<void> {
      if (ctx.organizationId === null) throw new Error('Tenant settings belong to an organization.')
      const values = {
        tiers: JSON.stringify(settings.tiers),
        anonymous_per_minute: settings.anonymousPerMinute,
        body_size_bytes_max: settings.bodySizeBytesMax,
        addresses: settings.addresses === null ? null : JSON.stringify(settings.addresses),
        updated_at: at.toISOString(),
      }
      await database
        .of(ctx)
        .insertInto('gateway_settings')
        .values({ organization_id: ctx.organizationId, ...values })
        .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(values))
        .execute()
    },
  }
}
