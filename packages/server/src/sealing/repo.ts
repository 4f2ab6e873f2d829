import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { SealedColumn } from './columns.ts'

export type SealedRepo = ReturnType<typeof createSealedRepo>

export interface SealedValue {
  /** The first column of the primary key, as text. */
  name: string
  /** Where in the order of the column this value stands. */
  position: string
  sealed: string
}

type Column = Pick<SealedColumn, 'table' | 'column' | 'key'>

/**
 * All SQL of sealed values wherever they stand. The tables belong to other modules; this one changes how a value is
 * wrapped and never what it is.
 */
export function createSealedRepo(database: Pick<Database<Tables>, 'kysely'>) {
  return {
    /** Values wrapped by one of these master keys, in the order of their position. */
    async list(
      { table, column, key }: Column,
      { keyIds, after, limit }: { keyIds: readonly string[]; after: string; limit: number },
    ): Promise<SealedValue[]> {
      const { rows } = await sql<SealedValue>`
        select ${sql.ref(key[0])}::text as name, ${positionOf(key)} as position, ${sql.ref(column)} as sealed
        from ${sql.table(table)}
        where split_part(${sql.ref(column)}, '.', 2) = any(${keyIds}) and ${positionOf(key)} > ${after}
        order by ${positionOf(key)}
        limit ${limit}
      `.execute(database.kysely)
      return rows
    },

    /** False when the value is another one by now. */
    async replace({ table, column, key }: Column, value: SealedValue, wrapped: string): Promise<boolean> {
      const { numAffectedRows } = await sql`
        update ${sql.table(table)} set ${sql.ref(column)} = ${wrapped}
        where ${positionOf(key)} = ${value.position} and ${sql.ref(column)} = ${value.sealed}
      `.execute(database.kysely)
      return numAffectedRows === 1n
    },

    /** How many values of a column each master key wraps. */
    async countByKey({ table, column }: Column): Promise<{ keyId: string; count: number }[]> {
      const { rows } = await sql<{ keyId: string; count: number }>`
        select split_part(${sql.ref(column)}, '.', 2) as "keyId", count(*)::int as count
        from ${sql.table(table)} where ${sql.ref(column)} is not null group by 1
      `.execute(database.kysely)
      return rows
    },
  }
}

/** One text for the whole key, the same order for every kind of column. */
function positionOf(key: Column['key']) {
  const texts = key.map((name) => sql`${sql.ref(name)}::text`)
  return sql`(${sql.join(texts, sql` || ' ' || `)}) collate "C"`
}
