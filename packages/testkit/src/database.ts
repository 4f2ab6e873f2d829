import { type Database, openDatabase } from '@holdfast/database/database'
import { cloneDatabase } from '@holdfast/database/testing'
import { silentLogger } from '@holdfast/kernel/logger'
import type { Tables } from '@holdfast/server/tables'
import { inject } from 'vitest'

export interface TestDatabase {
  database: Database<Tables>
  /** Another pool on the same database, as a second server process would have. */
  openAnother(): Database<Tables>
  drop(): Promise<void>
}

/** A migrated database of one's own, cloned from the template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const clone = await cloneDatabase(inject('template'))
  const open = () =>
    openDatabase<Tables>({ connection: clone.connectionConfig, logger: silentLogger, poolSizeMax: 5 })
  const database = open()
  return {
    database,
    openAnother: open,
    async drop() {
      await database.close()
      await clone.drop()
    },
  }
}
