import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { silentLogger } from './logger.ts'
import { migrate } from './migrate.ts'
import { cloneDatabase, startTestPostgres, type TestDatabase } from './testing.ts'

let server: Awaited<ReturnType<typeof startTestPostgres>>
let clone: TestDatabase
let database: Database<unknown>
let directory: string

beforeAll(async () => {
  server = await startTestPostgres()
})
afterAll(() => server.stop())
beforeEach(async () => {
  clone = await cloneDatabase({ address: server.address })
  database = openDatabase({ connection: clone.connectionConfig, logger: silentLogger })
  directory = await mkdtemp(join(tmpdir(), 'holdfast-migrations-'))
})
afterEach(async () => {
  await database.close()
  await clone.drop()
  await rm(directory, { recursive: true })
})

const file = (name: string, text: string) => writeFile(join(directory, `${name}.sql`), text)
const run = () => migrate({ database, directory, logger: silentLogger })
const tables = async () =>
  (
    await database.pool.query("select tablename from pg_tables where schemaname = 'public' order by 1")
  ).rows.map((row) => row.tablename)

describe('migrate', () => {
  it('applies each file once, in order, whoever else starts at the same time', async () => {
    await file('202601010000_first', 'create table a (id integer); create table b (id integer);')
    await file('202601020000_second', 'insert into a values (1)')
    const results = await Promise.all([run(), run(), run()])
    expect(results.flat()).toEqual(['202601010000_first', '202601020000_second'])
    expect((await database.pool.query('select id from a')).rows).toEqual([{ id: 1 }])
  })

  it('asks one question when there is nothing to do', async () => {
    await file('202601010000_first', 'create table a (id integer)')
    await run()
    const query = vi.spyOn(database.pool, 'query')
    const connect = vi.spyOn(database.pool, 'connect')
    expect(await run()).toEqual([])
    expect(query).toHaveBeenCalledTimes(1)
    // pool.query itself takes a connection once, by a callback.
    expect(connect).toHaveBeenCalledTimes(1)
  })

  it('a failing file changes nothing, says where it failed, and works once mended', async () => {
    await file('202601010000_first', 'create table a (id integer);\n\ncreate table b (id nonsense);')
    await expect(run()).rejects.toThrow(
      /202601010000_first failed at line 3: type "nonsense" does not exist\. It changed nothing/,
    )
    expect(await tables()).toEqual(['schema_migrations'])
    await file('202601010000_first', 'create table a (id integer)')
    expect(await run()).toEqual(['202601010000_first'])
  })

  it('an edited file is refused and nothing later is applied', async () => {
    await file('202601010000_first', 'create table a (id integer)')
    await run()
    await file('202601010000_first', 'create table a (id bigint)')
    await file('202601020000_second', 'create table b (id integer)')
    await expect(run()).rejects.toThrow('202601010000_first was edited after it had been applied')
    expect(await tables()).toEqual(['a', 'schema_migrations'])
  })

  it('a database that is newer than the program is refused', async () => {
    await file('202601010000_first', 'create table a (id integer)')
    await file('202601020000_second', 'create table b (id integer)')
    await run()
    await rm(join(directory, '202601020000_second.sql'))
    await expect(run()).rejects.toThrow(
      'The database is newer than this program: it has had migration 202601020000_second',
    )
    await file('202601020000_second', 'create table b (id integer)')
    await rm(join(directory, '202601010000_first.sql'))
    await expect(run()).rejects.toThrow('202601010000_first, which this program does not contain')
  })

  it('a file that says so runs outside a transaction', async () => {
    await file('202601010000_first', 'create table a (id integer)')
    await file('202601020000_index', '-- no transaction\ncreate index concurrently a_id on a (id)')
    expect(await run()).toHaveLength(2)
    const { rows } = await database.pool.query("select indexname from pg_indexes where indexname = 'a_id'")
    expect(rows).toHaveLength(1)
  })

  it('a file with another kind of name is refused before anything is applied', async () => {
    await file('202601010000_first', 'create table a (id integer)')
    await file('second', 'create table b (id integer)')
    await expect(run()).rejects.toThrow("second.sql is not a migration's name")
    expect(await tables()).toEqual([])
  })
})
