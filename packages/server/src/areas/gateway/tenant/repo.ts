import { Settings, type Tenant, type TenantChoice } from '@holdfast/contracts/gateway/tenants'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

/** More than anybody chooses from by eye. */
const tenantChoicesMax = 500

export type TenantRepo = ReturnType<typeof createTenantRepo>

/** The tenant as its members see it (an organization, its owner and who asks, which identity owns), and what it has set. */
export function createTenantRepo(database: Database<Tables>) {
  return {
    /** Memberships cross tenants: a person's own rows are visible to them by a policy of their own. */
    ofUser: (ctx: Context, userId: string): Promise<TenantChoice[]> =>
      database.transaction(ctx, async (tx) => {
        await sql`select set_config('app.user_id', ${userId}, true)`.execute(database.of(tx))
        const found = await database
          .of(tx)
          .selectFrom('organization_members')
          .innerJoin('organizations', 'organizations.id', 'organization_members.organization_id')
          .select(['organizations.id', 'organizations.name'])
          .select(sql<TenantChoice['role']>`organization_members.role`.as('role'))
          .where('organization_members.user_id', '=', userId)
          .orderBy('organizations.name')
          .orderBy('organizations.id')
          .limit(tenantChoicesMax)
          .execute()
        await sql`select set_config('app.user_id', '', true)`.execute(database.of(tx))
        return found
      }),

    async find(
      ctx: Context,
      userId: string,
    ): Promise<Pick<Tenant, 'id' | 'name' | 'email' | 'createdAt' | 'role'> | undefined> {
      return database
        .of(ctx)
        .selectFrom('organizations')
        .innerJoin('organization_members as me', (join) =>
          join.onRef('me.organization_id', '=', 'organizations.id').on('me.user_id', '=', userId),
        )
        .leftJoin('organization_members as first', (join) =>
          join.onRef('first.organization_id', '=', 'organizations.id').on('first.role', '=', 'owner'),
        )
        .leftJoin('users', 'users.id', 'first.user_id')
        .select(['organizations.id', 'organizations.name', 'users.email'])
        .select(['organizations.created_at as createdAt', sql<Tenant['role']>`me.role`.as('role')])
        .where('organizations.id', '=', ctx.organizationId)
        .executeTakeFirst()
    },

    /** In the contract's order of keys, which jsonb does not keep: what did not change must be sent as the same text. */
    async settings(ctx: Context): Promise<Settings | undefined> {
      const found = await database
        .of(ctx)
        .selectFrom('gateway_settings')
        .select([
          sql<Settings['tiers']>`tiers`.as('tiers'),
          'anonymous_per_minute as anonymousPerMinute',
          'body_size_bytes_max as bodySizeBytesMax',
          sql<Settings['addresses']>`addresses`.as('addresses'),
        ])
        .where('organization_id', '=', ctx.organizationId)
        .executeTakeFirst()
      return found && Settings.parse(found)
    },

    async saveSettings(ctx: Context, settings: Settings, at: Date): Promise<void> {
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
