import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../tables.ts'

type InTransaction = Pick<Context, 'tx'>
export type DayPartitions = ReturnType<typeof createDayPartitions>

/** "hfactivi": replicas make and drop partitions one at a time. */
const partitionsLock = '7523093188931743337'

/** The partitions of a table that is partitioned by day. `day` is `YYYY-MM-DD` in UTC. */
export function createDayPartitions(database: Database<Tables>, table: keyof Tables) {
  const tableOf = (day: string): string => `${table}_${day.replaceAll('-', '')}`
  const lock = (ctx: InTransaction) =>
    sql`select pg_advisory_xact_lock(${partitionsLock}::bigint)`.execute(database.of(ctx))

  /**
   * Policies of the whole hold through the whole alone. Where it has some, a partition that is asked by its own name shows
   * nothing: row-level security without a policy.
   */
  async function guard(ctx: InTransaction, name: string): Promise<void> {
    const { rows } = await sql`
      select from pg_class as whole, pg_class as part
      where whole.oid = ${table}::regclass and part.oid = ${name}::regclass
        and whole.relrowsecurity and not part.relrowsecurity`.execute(database.of(ctx))
    if (rows.length === 0) return
    await sql`alter table ${sql.id(name)} enable row level security, force row level security`.execute(
      database.of(ctx),
    )
  }

  return {
    lock: async (ctx: InTransaction): Promise<void> => void (await lock(ctx)),

    /** Makes the partitions that are missing. */
    async ensure(ctx: InTransaction, days: readonly string[]): Promise<void> {
      await lock(ctx)
      for (const day of days) {
        const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
        await sql`create table if not exists ${sql.id(tableOf(day))} partition of ${sql.id(table)}
          for values from (${sql.lit(`${day} 00:00:00+00`)}) to (${sql.lit(`${next} 00:00:00+00`)})`.execute(
          database.of(ctx),
        )
        await guard(ctx, tableOf(day))
      }
    },

    /** Drops the partitions of all days before `day`. */
    async dropBefore(ctx: InTransaction, day: string): Promise<void> {
      await lock(ctx)
      const { rows } = await sql<{ name: string }>`
        select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = ${table}::regclass and relname < ${tableOf(day)}`.execute(database.of(ctx))
      for (const { name } of rows) await sql`drop table ${sql.id(name)}`.execute(database.of(ctx))
    },
  }
}
