import type { Database } from '@holdfast/database/database'
import type { IssuedToken } from '@holdfast/kernel/crypto/token'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type MfaRepo = ReturnType<typeof createMfaRepo>

export interface FactorRow {
  secretSealed: string
  enabledAt: string | null
  lastUsedStep: number
}

export interface ChallengeRow {
  userId: string
  hash: Buffer
  expiresAt: string
  usedAt: string | null
}

/** All SQL of second factors, recovery codes and the challenges of sign-ins. */
export function createMfaRepo(database: Database<Tables>) {
  const factors = (ctx: Pick<Context, 'tx'>, userId: string) =>
    database
      .of(ctx)
      .selectFrom('user_mfa')
      .select([
        'secret_sealed as secretSealed',
        'enabled_at as enabledAt',
        sql<number>`last_used_step::float8`.as('lastUsedStep'),
      ])
      .where('user_id', '=', userId)

  return {
    find: (ctx: Pick<Context, 'tx'>, userId: string): Promise<FactorRow | undefined> =>
      factors(ctx, userId).executeTakeFirst(),

    /** Locks the row, so that of two uses of one code the second sees the first. */
    findForUpdate: (ctx: Context, userId: string): Promise<FactorRow | undefined> =>
      factors(ctx, userId).forUpdate().executeTakeFirst(),

    /** Begins anew: whatever was begun before is gone. False when a factor is on already. */
    async begin(ctx: Context, userId: string, secretSealed: string, at: Date): Promise<boolean> {
      const result = await database
        .of(ctx)
        .insertInto('user_mfa')
        .values({
          user_id: userId,
          secret_sealed: secretSealed,
          enabled_at: null,
          created_at: at.toISOString(),
        })
        .onConflict((conflict) =>
          conflict
            .column('user_id')
            .doUpdateSet({ secret_sealed: secretSealed, created_at: at.toISOString() })
            .where('user_mfa.enabled_at', 'is', null),
        )
        .executeTakeFirst()
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
    },

    async enable(ctx: Context, userId: string, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('user_mfa')
        .set({ enabled_at: at.toISOString() })
        .where('user_id', '=', userId)
        .execute()
    },

    async useStep(ctx: Context, userId: string, step: number): Promise<void> {
      await database
        .of(ctx)
        .updateTable('user_mfa')
        .set({ last_used_step: step })
        .where('user_id', '=', userId)
        .execute()
    },

    async remove(ctx: Context, userId: string): Promise<void> {
      await database.of(ctx).deleteFrom('user_mfa').where('user_id', '=', userId).execute()
    },

    async replaceRecoveryCodes(ctx: Context, userId: string, hashes: readonly Buffer[]): Promise<void> {
      await database.of(ctx).deleteFrom('mfa_recovery_codes').where('user_id', '=', userId).execute()
      await database
        .of(ctx)
        .insertInto('mfa_recovery_codes')
        .values(hashes.map((hash) => ({ user_id: userId, hash, used_at: null })))
        .execute()
    },

    /** True when it is one of the user's and was not used before. */
    async useRecoveryCode(ctx: Context, userId: string, hash: Buffer, at: Date): Promise<boolean> {
      const result = await database
        .of(ctx)
        .updateTable('mfa_recovery_codes')
        .set({ used_at: at.toISOString() })
        .where('user_id', '=', userId)
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },

    async countRecoveryCodes(ctx: Context, userId: string): Promise<number> {
      const row = await database
        .of(ctx)
        .selectFrom('mfa_recovery_codes')
        .select(({ fn }) => fn.countAll<number>().as('left'))
        .where('user_id', '=', userId)
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow()
      return row.left
    },

    async insertChallenge(
      ctx: Context,
      userId: string,
      { prefix, hash }: IssuedToken,
      at: Date,
      expiresAt: Date,
    ): Promise<void> {
      await database
        .of(ctx)
        .insertInto('mfa_challenges')
        .values({
          prefix,
          hash,
          user_id: userId,
          created_at: at.toISOString(),
          expires_at: expiresAt.toISOString(),
          used_at: null,
        })
        .execute()
    },

    findChallenge: (ctx: Pick<Context, 'tx'>, prefix: string): Promise<ChallengeRow | undefined> =>
      database
        .of(ctx)
        .selectFrom('mfa_challenges')
        .select(['user_id as userId', 'hash', 'expires_at as expiresAt', 'used_at as usedAt'])
        .where('prefix', '=', prefix)
        .executeTakeFirst(),

    /** False when somebody else was faster. */
    async useChallenge(ctx: Context, prefix: string, at: Date): Promise<boolean> {
      const result = await database
        .of(ctx)
        .updateTable('mfa_challenges')
        .set({ used_at: at.toISOString() })
        .where('prefix', '=', prefix)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },

    async removeOver(before: Date): Promise<void> {
      await database.kysely
        .deleteFrom('mfa_challenges')
        .where('expires_at', '<', before.toISOString())
        .execute()
    },
  }
}
