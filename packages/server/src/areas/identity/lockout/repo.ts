import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type LockoutRepo = ReturnType<typeof createLockoutRepo>

export type AttemptKind = 'address' | 'account' | 'setup' | 'mfa'

/** All SQL of counted attempts. Each statement commits by itself: a refused sign-in must not take its count back. */
export function createLockoutRepo(database: Database<Tables>) {
  return {
    /** Counts one attempt; false, and nothing counted, when the window is used up. */
    async take(
      kind: AttemptKind,
      subject: Buffer,
      options: { attemptsMax: number; windowMs: number; at: Date },
    ): Promise<boolean> {
      const now = options.at.toISOString()
      const windowEndsAt = new Date(options.at.getTime() + options.windowMs).toISOString()
      const taken = await database.kysely
        .insertInto('sign_in_attempts')
        .values({ kind, subject, attempts: 1, window_ends_at: windowEndsAt })
        .onConflict((conflict) =>
          conflict
            .columns(['kind', 'subject'])
            .doUpdateSet({
              attempts: sql<number>`case when sign_in_attempts.window_ends_at <= ${now}::timestamptz then 1 else sign_in_attempts.attempts + 1 end`,
              window_ends_at: windowEndsAt,
            })
            .where((where) =>
              where.or([
                where('sign_in_attempts.window_ends_at', '<=', now),
                where('sign_in_attempts.attempts', '<', options.attemptsMax),
              ]),
            ),
        )
        .returning('attempts')
        .executeTakeFirst()
      return taken !== undefined
    },

    /** When the window ends; undefined when there is none. */
    async windowEnd(kind: AttemptKind, subject: Buffer): Promise<string | undefined> {
      const row = await database.kysely
        .selectFrom('sign_in_attempts')
        .select('window_ends_at as endsAt')
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .executeTakeFirst()
      return row?.endsAt
    },

    /** Takes one attempt back: it was honest. */
    async giveBack(ctx: Pick<Context, 'tx'>, kind: AttemptKind, subject: Buffer): Promise<void> {
      await database
        .of(ctx)
        .updateTable('sign_in_attempts')
        .set({ attempts: sql<number>`greatest(attempts - 1, 0)` })
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .execute()
    },

    async clear(ctx: Pick<Context, 'tx'>, kind: AttemptKind, subject: Buffer): Promise<void> {
      await database
        .of(ctx)
        .deleteFrom('sign_in_attempts')
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .execute()
    },

    /** The subjects that have used up their attempts, out of `subjects`. */
    async listLocked(
      ctx: Context,
      subjects: readonly Buffer[],
      attemptsMax: number,
      at: Date,
    ): Promise<Buffer[]> {
      if (subjects.length === 0) return []
      const rows = await database
        .of(ctx)
        .selectFrom('sign_in_attempts')
        .select('subject')
        .where('kind', '=', 'account')
        .where('subject', 'in', [...subjects])
        .where('attempts', '>=', attemptsMax)
        .where('window_ends_at', '>', at.toISOString())
        .execute()
      return rows.map(({ subject }) => subject)
    },

    async removeOver(at: Date): Promise<void> {
      await database.kysely
        .deleteFrom('sign_in_attempts')
        .where('window_ends_at', '<=', at.toISOString())
        .execute()
    },
  }
}
