import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import { createDayPartitions } from '../../../../day-partitions/repo.ts'
import type { Tables } from '../../../../tables.ts'

type InTransaction = Pick<Context, 'tx'>

/** The daily partitions of `activity`, with the count of rows of each. `day` is `YYYY-MM-DD` in UTC. */
export function createActivityPartitions(database: Database<Tables>) {
  const partitions = createDayPartitions(database, 'activity')

  return {
    ensure: partitions.ensure,

    /** Drops the partitions of all days before `day`; answers how many rows they held. */
    async dropBefore(ctx: InTransaction, day: string): Promise<number> {
      await partitions.dropBefore(ctx, day)
      const counts = await database
        .of(ctx)
        .deleteFrom('activity_days')
        .where('day', '<', day)
        .returning('row_count')
        .execute()
      await sql`delete from activity_hours where hour < ${`${day}T00:00:00Z`}::timestamptz`.execute(
        database.of(ctx),
      )
      await database.of(ctx).deleteFrom('activity_users').where('last_day', '<', day).execute()
      return sum(counts)
    },

    /** Empties all partitions; answers how many rows they held. */
    async empty(ctx: InTransaction): Promise<number> {
      await partitions.lock(ctx)
      await sql`truncate activity`.execute(database.of(ctx))
      await database.of(ctx).deleteFrom('activity_hours').execute()
      await database.of(ctx).deleteFrom('activity_users').execute()
      return sum(await database.of(ctx).deleteFrom('activity_days').returning('row_count').execute())
    },
  }
}

const sum = (rows: readonly { row_count: number }[]): number =>
  rows.reduce((total, row) => total + row.row_count, 0)
