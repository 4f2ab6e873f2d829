import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Tables } from '../../../tables.ts'

export type HealthRepo = ReturnType<typeof createHealthRepo>

export function createHealthRepo(database: Database<Tables>) {
  return {
    ping: () => database.health(),

    async appliedMigrations(): Promise<number> {
      const { rows } = await sql<{ count: number }>`select count(*) from schema_migrations`.execute(
        database.kysely,
      )
      return rows[0]?.count ?? 0
    },
  }
}
