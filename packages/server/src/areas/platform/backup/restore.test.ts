import { type ConnectionConfig, openDatabase } from '@holdfast/database/database'
import { cloneDatabase } from '@holdfast/database/testing'
import { silentLogger } from '@holdfast/kernel/logger'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { migrationsDirectory } from '../../../start/open-database.ts'
import { type ArchiveEntry, BackupManifest } from './archive/format.ts'
import { dump } from './dump/service.ts'
import { restoreInto, type RestoreInto } from './restore/into.ts'
import { verifyByRestoring } from './restore/verify.ts'

const { signal } = new AbortController()
const progress = () => {}

async function emptyDatabase() {
  const { connectionConfig, drop } = await cloneDatabase({ address: inject('template').address })
  onTestFinished(drop)
  return connectionConfig
}

const dumpOf = (server: TestServer) =>
  dump({
    connection: server.database.connection,
    id: 'test',
    createdAt: server.clock.now(),
    productVersion: '0',
    masterKeyId: 'testtest',
    signal,
    progress,
  })

async function* of<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list
}

describe('a backup of a database', () => {
  let server: TestServer
  const saved: ArchiveEntry[] = []
  beforeAll(async () => {
    server = await startTestServer()
    const { headers } = await server.as('superAdmin')
    await server.as('user')
    const send = async (path: string, body: object) => {
      const response = await fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      expect([path, response.status]).toEqual([path, 201])
    }
    for (const method of ['GET', 'POST'])
      await send('/api/endpoints', { name: method, path: '/api/things', method, accessType: 'public' })
    for (const name of ['one', 'tw\to', 'thr\nee', '\\.', 'üñí']) await send('/api/things', { name })
    for await (const entry of dumpOf(server)) saved.push(entry)
  })
  afterAll(() => server.stop())

  const verify = async (entries: readonly ArchiveEntry[], connection: ConnectionConfig) =>
    verifyByRestoring({ entries: of(entries), connection, migrationsDirectory, signal, progress })

  it('restores into an empty database with every row, every organization’s among them', async () => {
    const connection = await emptyDatabase()
    const { rows } = await verify(saved, connection)
    const database = openDatabase({ connection, logger: silentLogger })
    onTestFinished(() => database.close())
    const countOf = async (pool: typeof database.pool, table: string) =>
      (await pool.query<{ count: number }>(`select count(*) from ${table}`)).rows[0]?.count
    for (const table of ['users', 'audit_entries', 'endpoints', 'events', 'record_counts'])
      expect([table, await countOf(database.pool, table)]).toEqual([
        table,
        await countOf(server.database.pool, table),
      ])
    const records = await database.pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'records'`,
    )
    expect(await countOf(database.pool, `records.${records.rows[0]?.name ?? ''}`)).toBe(5)
    expect(await countOf(database.pool, 'sessions')).toBe(0)
    const manifest = BackupManifest.parse(JSON.parse(saved.at(-1)?.content.toString() ?? ''))
    expect(rows).toBe(manifest.tables.reduce((sum, table) => sum + table.rows, 0))
    // Each of the two people has an organization, and only it sees its rows.
    const { rows: organizations } = await database.pool.query<{ id: string }>('select id from organizations')
    expect(organizations.length).toBeGreaterThanOrEqual(2)
    expect(await countOf(database.pool, 'organization_members')).toBe(0)
    for (const { id } of organizations) {
      const client = await database.pool.connect()
      await client.query(`select set_config('app.organization_id', $1, false)`, [id])
      const { rows } = await client.query<{ count: number }>('select count(*) from organization_members')
      expect(rows[0]?.count).toBe(1)
      client.release(true)
    }
  })

  it('what was made after it began is not in it, and what came before is whole', async () => {
    const later: ArchiveEntry[] = []
    const backup = dumpOf(server)
    for await (const entry of backup) {
      // The snapshot is taken when the first entry is there; this comes while it is being read.
      if (later.length === 0) await server.as('user')
      later.push(entry)
    }
    const connection = await emptyDatabase()
    await verify(later, connection)
    const database = openDatabase({ connection, logger: silentLogger })
    onTestFinished(() => database.close())
    const { rows: restored } = await database.pool.query<{ count: number }>('select count(*) from users')
    const { rows: live } = await server.database.pool.query<{ count: number }>('select count(*) from users')
    expect(restored[0]?.count).toBe((live[0]?.count ?? 0) - 1)
  })

  it('refuses a damaged one and changes nothing', async () => {
    const table = saved.findIndex(({ name, content }) => name.startsWith('tables/') && content.length > 50)
    const changed = saved.with(table, {
      name: saved[table]?.name ?? '',
      content: Buffer.concat([
        saved[table]?.content ?? Buffer.alloc(0),
        saved[table]?.content ?? Buffer.alloc(0),
      ]),
    })
    const header = JSON.parse(saved[0]?.content.toString() ?? '{}') as Record<string, unknown>
    const newer = { ...header, migrations: [{ name: '209901010000_future', checksum: 'x' }] }
    const cases: [readonly ArchiveEntry[], RegExp][] = [
      [changed, /damaged|duplicate key/],
      [saved.slice(0, -1), /incomplete/],
      [saved.toSpliced(table, 1), /damaged/],
      [[], /not a Holdfast backup/],
      [saved.with(0, { name: 'header.json', content: Buffer.from(JSON.stringify(newer)) }), /does not know/],
      [saved.with(0, { name: 'header.json', content: Buffer.from('{"format":"other"}') }), /form/],
    ]
    const connection = await emptyDatabase()
    for (const [entries, reason] of cases) await expect(verify(entries, connection)).rejects.toThrow(reason)
    const database = openDatabase({ connection, logger: silentLogger })
    onTestFinished(() => database.close())
    const { rows } = await database.pool.query(
      `select relname from pg_class where relnamespace in (select oid from pg_namespace where nspname in ('public', 'records')) and relkind = 'r'`,
    )
    expect(rows).toEqual([])
  })

  const into = (connection: ConnectionConfig, change: Partial<RestoreInto> = {}) =>
    restoreInto({
      entries: of(saved),
      connection,
      migrationsDirectory,
      masterKeyIds: ['testtest'],
      acceptOtherKey: false,
      replace: false,
      at: new Date('2026-11-21T17:15:30Z'),
      signal,
      progress,
      ...change,
    })

  it('a database in use is refused; told to, it is kept aside and the backup takes its place', async () => {
    const other = await startTestServer()
    onTestFinished(() => other.stop())
    await other.as('user')
    const { connection, pool } = other.database
    const namesIn = async (schema: string) =>
      (await pool.query<{ login: string }>(`select login from ${schema}.users order by login`)).rows
    const before = await namesIn('public')
    await expect(into(connection)).rejects.toThrow('in use')
    expect(await namesIn('public')).toEqual(before)

    const { keptAs } = await into(connection, { replace: true })
    expect(keptAs).toBe('before_restore_20261121t171530')
    expect(await namesIn(keptAs ?? '')).toEqual(before)
    const { rows } = await server.database.pool.query<{ login: string }>(
      'select login from users order by login',
    )
    expect((await namesIn('public')).length).toBe(rows.length - 1)
    // What is kept aside is in no later backup, and in nobody's way.
    const again: ArchiveEntry[] = []
    for await (const entry of dumpOf(other)) again.push(entry)
    await verify(again, await emptyDatabase())
    await expect(pool.query(`update audit_entries set action = 'forged'`)).rejects.toThrow(
      'cannot be changed',
    )
  })

  it('one whose secrets another master key has sealed is refused with the name of the key', async () => {
    const connection = await emptyDatabase()
    const refused = into(connection, { masterKeyIds: ['other'] })
    await expect(refused).rejects.toThrow(/testtest.*other/)
    const { keptAs } = await into(connection, { masterKeyIds: ['other'], acceptOtherKey: true })
    expect(keptAs).toBeNull()
  })
})
