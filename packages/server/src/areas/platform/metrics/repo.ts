import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Tables } from '../../../tables.ts'

export type MetricsRepo = ReturnType<typeof createMetricsRepo>

/** Figures of the database and of this process's connections to it. */
export function createMetricsRepo(database: Database<Tables>) {
  return {
    /** From memory: asks nobody. */
    connections() {
      const { totalCount, idleCount, waitingCount } = database.pool
      return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
    },

    async sizeBytes(): Promise<number> {
      const { rows } = await sql<{ bytes: number }>`
        select pg_database_size(current_database()) as bytes`.execute(database.kysely)
      return rows[0]?.bytes ?? 0
    },
  }
}
