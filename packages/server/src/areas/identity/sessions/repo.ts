import type { Database } from '@holdfast/database/database'
import type { IssuedToken } from '@holdfast/kernel/crypto/token'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type SessionsRepo = ReturnType<typeof createSessionsRepo>

export interface RefreshTokenRow {
  hash: Buffer
  createdAt: string
  usedAt: string | null
  sessionId: string
  userId: string
  expiresAt: string
  revokedAt: string | null
}

/** All SQL of sessions and of the refresh tokens that belong to them. */
export function createSessionsRepo(database: Database<Tables>) {
  return {
    async insert(
      ctx: Context,
      session: { id: string; userId: string; expiresAt: Date },
      at: Date,
    ): Promise<void> {
      await database
        .of(ctx)
        .insertInto('sessions')
        .values({
          id: session.id,
          user_id: session.userId,
          created_at: at.toISOString(),
          last_refreshed_at: at.toISOString(),
          expires_at: session.expiresAt.toISOString(),
          revoked_at: null,
          revoked_reason: null,
          ip: ctx.ip,
          user_agent: ctx.userAgent,
        })
        .execute()
    },

    async startedAt(ctx: Pick<Context, 'tx'>, id: string): Promise<string | null> {
      const row = await database
        .of(ctx)
        .selectFrom('sessions')
        .select('created_at as startedAt')
        .where('id', '=', id)
        .executeTakeFirst()
      return row?.startedAt ?? null
    },

    async insertRefreshToken(
      ctx: Context,
      sessionId: string,
      { prefix, hash }: IssuedToken,
      at: Date,
    ): Promise<void> {
      await database
        .of(ctx)
        .insertInto('refresh_tokens')
        .values({ prefix, hash, session_id: sessionId, created_at: at.toISOString(), used_at: null })
        .execute()
    },

    /** Locks the token, so that of two uses at once the second sees that the first has been. */
    findRefreshToken: (ctx: Context, prefix: string): Promise<RefreshTokenRow | undefined> =>
      database
        .of(ctx)
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
        .select([
          'refresh_tokens.hash',
          'refresh_tokens.created_at as createdAt',
          'refresh_tokens.used_at as usedAt',
          'sessions.id as sessionId',
          'sessions.user_id as userId',
          'sessions.expires_at as expiresAt',
          'sessions.revoked_at as revokedAt',
        ])
        .where('refresh_tokens.prefix', '=', prefix)
        .forUpdate()
        .executeTakeFirst(),

    async useRefreshToken(ctx: Context, prefix: string, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('refresh_tokens')
        .set({ used_at: at.toISOString() })
        .where('prefix', '=', prefix)
        .execute()
    },

    async extend(ctx: Context, id: string, expiresAt: Date, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('sessions')
        .set({ expires_at: expiresAt.toISOString(), last_refreshed_at: at.toISOString() })
        .where('id', '=', id)
        .execute()
    },

    /** False when it was over already. */
    async revoke(ctx: Context, id: string, reason: string, at: Date): Promise<boolean> {
      const result = await database
        .of(ctx)
        .updateTable('sessions')
        .set({ revoked_at: at.toISOString(), revoked_reason: reason })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },

    async revokeAllOf(
      ctx: Context,
      userId: string,
      reason: string,
      at: Date,
      exceptId: string | null,
    ): Promise<void> {
      let query = database
        .of(ctx)
        .updateTable('sessions')
        .set({ revoked_at: at.toISOString(), revoked_reason: reason })
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
      if (exceptId !== null) query = query.where('id', '!=', exceptId)
      await query.execute()
    },

    /** Sessions that have been over since `before`, with their refresh tokens. */
    async removeEnded(ctx: Pick<Context, 'tx'>, before: Date): Promise<void> {
      await database
        .of(ctx)
        .deleteFrom('sessions')
        .where((where) =>
          where.or([
            where('expires_at', '<', before.toISOString()),
            where('revoked_at', '<', before.toISOString()),
          ]),
        )
        .execute()
    },
  }
}
