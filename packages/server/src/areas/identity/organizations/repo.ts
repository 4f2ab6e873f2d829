import type { Database } from '@holdfast/database/database'
import type { IssuedToken } from '@holdfast/kernel/crypto/token'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type OrganizationsRepo = ReturnType<typeof createOrganizationsRepo>

/** All SQL of organizations and their members. */
export function createOrganizationsRepo(database: Database<Tables>) {
  return {
    async insert(
      ctx: Context,
      organization: { id: string; name: string; slug: string; gatewayKey: IssuedToken | null },
      at: Date,
    ): Promise<void> {
      const { id, name, slug, gatewayKey } = organization
      await database
        .of(ctx)
        .insertInto('organizations')
        .values({
          id,
          name,
          slug,
          gateway_key_prefix: gatewayKey?.prefix ?? null,
          gateway_key_hash: gatewayKey?.hash ?? null,
          created_at: at.toISOString(),
          updated_at: at.toISOString(),
        })
        .execute()
    },

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
