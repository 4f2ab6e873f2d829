import { type ConnectionConfig, openDatabase } from '@holdfast/database/database'
import { cloneDatabase } from '@holdfast/database/testing'
import { createTestClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { expect, inject, it, onTestFinished } from 'vitest'
import { composeServer } from '../../../compose.ts'
import { readConfig } from '../../../config.ts'
import { migrationsDirectory } from '../../../start/open-database.ts'
import type { Tables } from '../../../tables.ts'
import type { ArchiveEntry } from '../../platform/backup/archive/format.ts'
import { dump } from '../../platform/backup/dump/service.ts'
import { restoreInto } from '../../platform/backup/restore/into.ts'

const { signal } = new AbortController()
const progress = () => {}

async function dumpOf(server: TestServer): Promise<ArchiveEntry[]> {
  const entries = dump({
    connection: server.database.connection,
    id: 'test',
    createdAt: server.clock.now(),
    productVersion: '0',
    masterKeyId: 'testtest',
    signal,
    progress,
  })
  return Array.fromAsync(entries)
}

async function* of<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list
}

const restoreAt = (connection: ConnectionConfig, entries: readonly ArchiveEntry[], at: Date) =>
  restoreInto({
    entries: of(entries),
    connection,
    migrationsDirectory,
    masterKeyIds: ['testtest'],
    acceptOtherKey: false,
    replace: true,
    at,
    signal,
    progress,
  })

/** What the views show, and the schemas of the tables that they read, once a server has started on the database. */
async function afterStart(connection: ConnectionConfig) {
  const database = openDatabase<Tables>({ connection, logger: silentLogger, poolSizeMax: 5 })
  const server = composeServer({
    config: readConfig({ PORT: '0' }),
    logger: silentLogger,
    clock: createTestClock(new Date()),
    database,
    masterKeys: [{ id: 'testtest', key: Buffer.alloc(32, 7) }],
  })
  try {
    await server.lifecycle.start()
    const things = await database.pool.query<{ name: string }>(
      `select data ->> 'name' as name from records_view.things order by 1`,
    )
    const tables = await database.pool.query<{ schema: string }>(
      `select distinct table_schema as schema from information_schema.view_table_usage where view_schema = 'records_view'`,
    )
    return { names: things.rows.map(({ name }) => name), schemas: tables.rows.map(({ schema }) => schema) }
  } finally {
    await server.lifecycle.stop()
    await database.close()
  }
}

it('a restore brings SQL access back when it was on, and the views show what was restored', async () => {
  const server = await startTestServer()
  onTestFinished(server.stop)
  const { headers } = await server.as('superAdmin')
  const ask = createAsk(server.url)
  for (const method of ['GET', 'POST']) {
    const body = { name: method, path: '/api/things', method, accessType: 'public' }
    expect((await ask('POST', '/api/endpoints', { body, headers })).status).toBe(201)
  }
  await ask('POST', '/api/things', { body: { name: 'first' }, headers })
  expect((await ask('POST', '/api/database/sql-access', { headers })).status).toBe(201)
  const one = await dumpOf(server)
  await ask('POST', '/api/things', { body: { name: 'second' }, headers })
  const both = await dumpOf(server)
  expect((await ask('DELETE', '/api/database/sql-access', { headers })).status).toBe(200)
  const closed = await dumpOf(server)

  const empty = await cloneDatabase({ address: inject('template').address })
  onTestFinished(empty.drop)
  const connection = empty.connectionConfig
  await restoreAt(connection, one, new Date('2026-01-01T00:00:00Z'))
  expect(await afterStart(connection)).toEqual({ names: ['first'], schemas: ['records'] })
  await restoreAt(connection, both, new Date('2026-01-02T00:00:00Z'))
  expect(await afterStart(connection)).toEqual({ names: ['first', 'second'], schemas: ['records'] })
  await restoreAt(connection, closed, new Date('2026-01-03T00:00:00Z'))
  await expect(afterStart(connection)).rejects.toThrow('records_view.things')
})
