import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateRowTypes } from './row-types.ts'
import { cloneDatabase, createTemplate, startTestPostgres, type TestTemplate } from './testing.ts'

let server: Awaited<ReturnType<typeof startTestPostgres>>
let template: TestTemplate
let directory: string

beforeAll(async () => {
  server = await startTestPostgres()
  directory = await mkdtemp(join(tmpdir(), 'holdfast-migrations-'))
  await writeFile(
    join(directory, '202601010000_first.sql'),
    `create table things (id bigint generated always as identity primary key, made_at timestamptz not null default now(),
       on_day date, document jsonb not null, price numeric, tags text[] not null);
     insert into things (document, tags) values ('{"a":1}', '{x}');`,
  )
  template = await createTemplate(server.address, 'things', directory)
})

afterAll(() => server.stop())

async function count(config: object): Promise<number> {
  const client = new Client(config)
  await client.connect()
  try {
    return (await client.query('select id from things')).rows.length
  } finally {
    await client.end()
  }
}

describe('test databases', () => {
  it('a clone has what the migrations made and is apart from every other', async () => {
    const [one, other] = await Promise.all([cloneDatabase(template), cloneDatabase(template)])
    const client = new Client(one.connectionConfig)
    await client.connect()
    await client.query('delete from things')
    await client.end()
    expect(await count(one.connectionConfig)).toBe(0)
    expect(await count(other.connectionConfig)).toBe(1)
  })

  it('many clones at the same time all succeed', async () => {
    const clones = await Promise.all(Array.from({ length: 12 }, () => cloneDatabase(template)))
    expect(new Set(clones.map((clone) => clone.connectionConfig.database)).size).toBe(12)
    await Promise.all(clones.map((clone) => clone.drop()))
  })

  it('the same migrations find the same template, also when asked for at the same time', async () => {
    const again = await Promise.all([1, 2].map(() => createTemplate(server.address, 'things', directory)))
    expect(again).toEqual([template, template])
  })

  it('a dropped database is gone although somebody is connected', async () => {
    const clone = await cloneDatabase(template)
    const client = new Client(clone.connectionConfig)
    const broken = new Promise((resolve) => client.on('error', resolve))
    await client.connect()
    await clone.drop()
    await broken
    await expect(count(clone.connectionConfig)).rejects.toThrow('does not exist')
  })

  it('tests run as a role that row-level security binds', async () => {
    const clone = await cloneDatabase(template)
    const client = new Client(clone.connectionConfig)
    await client.connect()
    const { rows } = await client.query(
      'select rolsuper, rolbypassrls from pg_roles where rolname = current_user',
    )
    await client.end()
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }])
  })
})

describe('row types', () => {
  it('say what the pool really returns', async () => {
    const clone = await cloneDatabase(template)
    const source = await generateRowTypes(clone.connectionConfig)
    expect(source).toContain('export interface Things {')
    expect(source).toMatch(/document: unknown;/)
    expect(source).toMatch(/id: Generated<number>;/)
    expect(source).toMatch(/made_at: Generated<string>;/)
    expect(source).toMatch(/on_day: string \| null;/)
    expect(source).toMatch(/price: string \| null;/)
    expect(source).toMatch(/tags: string\[\];/)
    expect(source).not.toContain('schema_migrations')
  })
})
