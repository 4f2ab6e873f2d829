import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { OrganizationRole } from '../../../credential.ts'
import type { Tables } from '../../../tables.ts'

export type OrganizationsRepo = ReturnType<typeof createOrganizationsRepo>

/** All SQL of organizations and their members. */
export function createOrganizationsRepo(database: Database<Tables>) {
  return {
    async insert(
      ctx: Context,
      organization: { id: string; name: string; slug: string },
      at: Date,
    ): Promise<void> {
      const { id, name, slug } = organization
      await database
        .of(ctx)
        .insertInto('organizations')
        .values({
          id,
          name,
          slug,
          created_at: at.toISOString(),
          updated_at: at.toISOString(),
        })
        .execute()
    },

    async first(ctx: Context): Promise<string | null> {
      const row = await database
        .of(ctx)
        .selectFrom('organizations')
        .select('id')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      return row?.id ?? null
    },

    /** Asked for one person in one organization; null when they are not in it. */
    roleOf: (ctx: Pick<Context, 'tx'>, organizationId: string, userId: string) =>
      database.tenant({ ...ctx, organizationId }, async (tx) => {
        const member = await database
          .of(tx)
          .selectFrom('organization_members')
          .select(sql<OrganizationRole>`role`.as('role'))
          .where('organization_id', '=', organizationId)
          .where('user_id', '=', userId)
          .executeTakeFirst()
        return member?.role ?? null
      }),

    /** Members are the organization's own rows: written in its scope, behind row-level security. */
    async insertMember(
      ctx: Context,
      member: { organizationId: string; userId: string; role: string },
      at: Date,
    ): Promise<void> {
      await database.tenant({ ...ctx, organizationId: member.organizationId }, async (tx) => {
        await database
          .of(tx)
          .insertInto('organization_members')
          .values({
            organization_id: member.organizationId,
            user_id: member.userId,
            role: member.role,
            created_at: at.toISOString(),
          })
          .execute()
      })
    },
  }
}
