import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'

type InTransaction = Pick<Context, 'tx'>

/** "hfactivi": replicas make and drop partitions one at a time. */
const partitionsLock = '7523093188931743337'

/** The daily partitions of `activity`. `day` is `YYYY-MM-DD` in UTC. */
export function createActivityPartitions(database: Database<Tables>) {
  const lock = (ctx: InTransaction) =>
    sql`select pg_advisory_xact_lock(${partitionsLock}::bigint)`.execute(database.of(ctx))

  return {
    /** Makes the partitions that are missing. */
    async ensure(ctx: InTransaction, days: readonly string[]): Promise<void> {
      await lock(ctx)
      for (const day of days) {
        const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
        await sql`create table if not exists ${sql.id(tableOf(day))} partition of activity
          for values from (${sql.lit(`${day} 00:00:00+00`)}) to (${sql.lit(`${next} 00:00:00+00`)})`.execute(
          database.of(ctx),
        )
      }
    },

    /** Drops the partitions of all days before `day`; answers how many rows they held. */
    async dropBefore(ctx: InTransaction, day: string): Promise<number> {
      await lock(ctx)
      const { rows } = await sql<{ name: string }>`
        select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = 'activity'::regclass and relname < ${tableOf(day)}`.execute(database.of(ctx))
      for (const { name } of rows) await sql`drop table ${sql.id(name)}`.execute(database.of(ctx))
      const counts = await database
        .of(ctx)
        .deleteFrom('activity_days')
        .where('day', '<', day)
        .returning('row_count')
        .execute()
      return sum(counts)
    },

    /** Empties all partitions; answers how many rows they held. */
    async empty(ctx: InTransaction): Promise<number> {
      await lock(ctx)
      await sql`truncate activity`.execute(database.of(ctx))
      return sum(await database.of(ctx).deleteFrom('activity_days').returning('row_count').execute())
    },
  }
}

const tableOf = (day: string): string => `activity_${day.replaceAll('-', '')}`
const sum = (rows: readonly { row_count: number }[]): number =>
  rows.reduce((total, row) => total + row.row_count, 0)
