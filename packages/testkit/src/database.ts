import { randomBytes } from 'node:crypto'
import { type Database, openDatabase } from '@holdfast/database/database'
import { silentLogger } from '@holdfast/kernel/logger'
import type { Tables } from '@holdfast/server/tables'
import pg from 'pg'
import { inject } from 'vitest'

export interface TestDatabase {
  database: Database<Tables>
  drop(): Promise<void>
}

/** A migrated database of one's own, cloned from the template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const host = inject('postgresSocket')
  const name = `test_${randomBytes(8).toString('hex')}`
  const admin = async (statement: string) => {
    const client = new pg.Client({ host, user: 'postgres', database: 'postgres' })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await admin(`create database ${name} template holdfast_template owner holdfast`)
  const database = openDatabase<Tables>({
    connection: { host, user: 'holdfast', database: name },
    logger: silentLogger,
    poolSizeMax: 5,
  })
  return {
    database,
    async drop() {
      await database.close()
      await admin(`drop database ${name} with (force)`)
    },
  }
}
