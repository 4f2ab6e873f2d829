import type { Tenant } from '@holdfast/contracts/gateway/tenants'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type TenantRepo = ReturnType<typeof createTenantRepo>

/** The tenant as its members see it: an organization, its owner, and who asks. Reads what identity owns. */
export function createTenantRepo(database: Database<Tables>) {
  return {
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
  }
}
