import type { AuditVerdict } from '@holdfast/contracts/platform/audit'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'

export type VerdictsRepo = ReturnType<typeof createVerdictsRepo>

export interface LastVerdict {
  valid: boolean
  verifiedAt: string
}

const keptMax = 100

export function createVerdictsRepo(database: Database<Tables>) {
  return {
    async insert(ctx: Context, id: string, verdict: AuditVerdict): Promise<void> {
      await database
        .of(ctx)
        .insertInto('audit_verdicts')
        .values({ id, verified_at: verdict.verifiedAt, verdict: JSON.stringify(verdict) })
        .execute()
      await sql`
        delete from audit_verdicts where id not in (
          select id from audit_verdicts order by verified_at desc, id desc limit ${keptMax})
      `.execute(database.of(ctx))
    },

    /** Newest first. */
    async list(ctx: Context, limit: number): Promise<AuditVerdict[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('audit_verdicts')
        .select(sql<AuditVerdict>`verdict`.as('verdict'))
        .orderBy('verified_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ verdict }) => verdict)
    },

    /** What was found last; null before the first verification. */
    async last(): Promise<LastVerdict | null> {
      const row = await database.kysely
        .selectFrom('audit_verdicts')
        .select(['verified_at as verifiedAt', sql<boolean>`(verdict ->> 'valid')::boolean`.as('valid')])
        .orderBy('verified_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ?? null
    },

    /** About how many entries a verification reads. */
    async entryCount(ctx: Context): Promise<number> {
      const { rows } = await sql<{ count: number }>`
        select (coalesce(sum(sequence), 0) - (select coalesce(sum(to_sequence - from_sequence + 1), 0) from audit_segments))::bigint
          as count from audit_chains
      `.execute(database.of(ctx))
      return rows[0]?.count ?? 0
    },
  }
}
