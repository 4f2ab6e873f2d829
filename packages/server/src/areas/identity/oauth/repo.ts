import type { IdentityProvider, LinkedIdentity } from '@holdfast/contracts/identity/oauth'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type IdentitiesRepo = ReturnType<typeof createIdentitiesRepo>

export interface NewIdentity {
  id: string
  userId: string
  provider: IdentityProvider
  issuer: string
  subject: string
  label: string
}

/** All SQL of accounts elsewhere. */
export function createIdentitiesRepo(database: Database<Tables>) {
  return {
    list: (ctx: Pick<Context, 'tx'>, userId: string): Promise<LinkedIdentity[]> =>
      database
        .of(ctx)
        .selectFrom('user_identities')
        .select([
          'id',
          sql<IdentityProvider>`provider`.as('provider'),
          'label',
          'created_at as createdAt',
          'last_used_at as lastUsedAt',
        ])
        .where('user_id', '=', userId)
        .orderBy('id')
        .execute(),

    find: (
      ctx: Context,
      issuer: string,
      subject: string,
    ): Promise<{ id: string; userId: string } | undefined> =>
      database
        .of(ctx)
        .selectFrom('user_identities')
        .select(['id', 'user_id as userId'])
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst(),

    async insert(ctx: Context, identity: NewIdentity, at: Date): Promise<void> {
      await database
        .of(ctx)
        .insertInto('user_identities')
        .values({
          id: identity.id,
          user_id: identity.userId,
          provider: identity.provider,
          issuer: identity.issuer,
          subject: identity.subject,
          label: identity.label,
          created_at: at.toISOString(),
          last_used_at: null,
        })
        .execute()
    },

    async recordUse(ctx: Context, id: string, label: string, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('user_identities')
        .set({ last_used_at: at.toISOString(), label })
        .where('id', '=', id)
        .execute()
    },

    /** Answers the ids of those that are gone. */
    async removeAllOf(ctx: Context, userId: string): Promise<string[]> {
      const rows = await database
        .of(ctx)
        .deleteFrom('user_identities')
        .where('user_id', '=', userId)
        .returning('id')
        .execute()
      return rows.map(({ id }) => id)
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('user_identities').where('id', '=', id).execute()
    },
  }
}
