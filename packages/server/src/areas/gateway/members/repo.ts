import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type MembersRepo = ReturnType<typeof createMembersRepo>

/** All SQL that asks who may pass a tenant's gateways with a platform token. */
export function createMembersRepo(database: Database<Tables>) {
  return {
    /** Active members of the organization of `ctx`. */
    async list(ctx: Context): Promise<string[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('organization_members')
        .innerJoin('users', 'users.id', 'organization_members.user_id')
        .select('user_id')
        .where('organization_id', '=', ctx.organizationId)
        .where('users.status', '=', 'active')
        .orderBy('user_id')
        .execute()
      return rows.map(({ user_id: id }) => id)
    },

    /** The organizations that somebody belongs to, and those whose gateways still know them. */
    placesOf: (ctx: Context, userId: string): Promise<{ organizationId: string; isMember: boolean }[]> =>
      database.transaction(ctx, async (tx) => {
        await sql`select set_config('app.user_id', ${userId}, true)`.execute(database.of(tx))
        const { rows } = await sql<{ organizationId: string; isMember: boolean }>`
          select organization_id as "organizationId", bool_or(is_member) as "isMember" from (
            select organization_id, users.status = 'active' as is_member
            from organization_members join users on users.id = user_id where user_id = ${userId}
            union all
            select organization_id, false from gateway_entities where kind = 'member' and id = ${userId}
          ) as places
          group by organization_id order by organization_id
        `.execute(database.of(tx))
        await sql`select set_config('app.user_id', '', true)`.execute(database.of(tx))
        return rows
      }),
  }
}
