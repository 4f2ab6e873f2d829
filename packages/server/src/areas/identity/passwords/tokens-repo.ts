import type { Database } from '@holdfast/database/database'
import type { IssuedToken } from '@holdfast/kernel/crypto/token'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type PasswordTokensRepo = ReturnType<typeof createPasswordTokensRepo>

/** All SQL of single-use password tokens. */
export function createPasswordTokensRepo(database: Database<Tables>) {
  return {
    async insert(
      ctx: Context,
      token: {
        id: string
        userId: string
        purpose: string
        mailedTo: string | null
        issued: IssuedToken
        expiresAt: Date
      },
      at: Date,
    ): Promise<void> {
      await database
        .of(ctx)
        .insertInto('password_tokens')
        .values({
          id: token.id,
          user_id: token.userId,
          purpose: token.purpose,
          prefix: token.issued.prefix,
          hash: token.issued.hash,
          mailed_to: token.mailedTo,
          created_at: at.toISOString(),
          expires_at: token.expiresAt.toISOString(),
          used_at: null,
        })
        .execute()
    },

    /** Locks the row, so that of two uses at once one waits and then sees the other. */
    findUsable: (
      ctx: Context,
      prefix: string,
      at: Date,
    ): Promise<{ id: string; userId: string; hash: Buffer; mailedTo: string | null } | undefined> =>
      database
        .of(ctx)
        .selectFrom('password_tokens')
        .select(['id', 'user_id as userId', 'hash', 'mailed_to as mailedTo'])
        .where('prefix', '=', prefix)
        .where('used_at', 'is', null)
        .where('expires_at', '>', at.toISOString())
        .forUpdate()
        .executeTakeFirst(),

    /** Ends this token and every other one of the user. */
    async useAllOf(ctx: Context, userId: string, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('password_tokens')
        .set({ used_at: at.toISOString() })
        .where('user_id', '=', userId)
        .where('used_at', 'is', null)
        .execute()
    },

    async removeOver(before: Date): Promise<void> {
      await database.kysely
        .deleteFrom('password_tokens')
        .where('expires_at', '<', before.toISOString())
        .execute()
    },
  }
}
