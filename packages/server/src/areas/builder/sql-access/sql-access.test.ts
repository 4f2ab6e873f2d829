import { createEndpoint, updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { closeSqlAccess, getSqlAccess, openSqlAccess } from '@holdfast/contracts/builder/sql-access'
import { createDocument } from '@holdfast/contracts/platform/explorer'
import { openDatabase } from '@holdfast/database/database'
import { silentLogger } from '@holdfast/kernel/logger'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { createHmac, randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemContext } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { scramVerifier } from './password.ts'
import { createSqlAccessRepo } from './repo.ts'
import { createSqlAccess } from './service.ts'

describe('reading records with SQL', () => {
  let server: TestServer
  let admin: TestUser
  beforeAll(async () => {
    server = await startTestServer()
    admin = await server.as('superAdmin')
  })
  afterEach(() => admin.client.call(closeSqlAccess, {}))
  afterAll(() => server.stop())

  const makeEndpoint = async (path: string, schema: object[]) =>
    (
      await admin.client.call(createEndpoint, {
        body: { name: path, path, method: 'POST', schema: schema as [] },
      })
    ).data
  const createRecord = (resourcePath: string, data: object) =>
    admin.client.call(createDocument, { params: { name: 'endpointdatas' }, body: { resourcePath, data } })

  /** What somebody with the role gets to see, on a connection of their own. */
  async function asReader<Row extends object>(text: string): Promise<Row[]> {
    const { data } = await admin.client.call(getSqlAccess, {})
    const connection = server.database.connection
    const parts = typeof connection === 'string' ? { connectionString: connection } : connection
    const client = new pg.Client({ ...parts, user: data.role })
    await client.connect()
    try {
      return (await client.query<Row>(text)).rows
    } finally {
      await client.end()
    }
  }

  it('there is nothing until an administrator asks for it, and nothing after it is closed', async () => {
    expect((await admin.client.call(getSqlAccess, {})).data).toMatchObject({ isOpen: false, views: [] })
    const { data } = await admin.client.call(openSqlAccess, {})
    // The product's own role may not make roles: this one came with the server.
    expect(data).toMatchObject({ isOpen: true, role: 'holdfast_reader', password: null })
    const { host, port, role, database } = data
    const elsewhere = new pg.Client({ host, port, user: role, database })
    await elsewhere.connect()
    await elsewhere.end()
    expect(await asReader('select 1 as one')).toEqual([{ one: 1 }])
    await admin.client.call(closeSqlAccess, {})
    await expect(asReader('select * from records_view.anything')).rejects.toThrow(/does not exist/)
    const { rows } = await server.database.pool.query(
      `select from pg_namespace where nspname = 'records_view'`,
    )
    expect(rows).toHaveLength(0)
  })

  it('records are rows, fields are columns, and what is hidden or kept for some is in neither', async () => {
    const groupId = admin.user.groupIds[0]?.id
    await makeEndpoint('/api/shop/lamps', [
      { name: 'title', type: 'string' },
      { name: 'größe; drop', type: 'number' },
      { name: 'pin', type: 'string', hidden: true },
      { name: 'margin', type: 'number', readGroupIds: [groupId] },
      {
        name: 'parts',
        type: 'array',
        children: [
          { name: 'label', type: 'string' },
          { name: 'cost', type: 'number', hidden: true },
        ],
      },
    ])
    await createRecord('/api/shop/lamps', {
      title: 'Desk',
      'größe; drop': 4.5,
      pin: '1234',
      margin: 3,
      parts: [{ label: 'Bulb', cost: 7 }],
    })
    const { data } = await admin.client.call(openSqlAccess, {})
    const view = data.views.find(({ path }) => path === '/api/shop/lamps')
    expect(view?.name).toBe('shop_lamps')
    expect(view?.columns.map(({ name }) => name)).toEqual([
      'id',
      'title',
      'größe; drop',
      'parts',
      'created_at',
      'updated_at',
    ])
    const rows = await asReader('select * from records_view.shop_lamps')
    expect(rows).toEqual([
      expect.objectContaining({ title: 'Desk', 'größe; drop': '4.5', parts: [{ label: 'Bulb' }] }),
    ])
    expect(JSON.stringify(rows)).not.toMatch(/1234|cost|margin/)
  })

  it('the role reads the views and nothing else, and writes nothing', async () => {
    await makeEndpoint('/api/chairs', [{ name: 'title', type: 'string' }])
    await admin.client.call(openSqlAccess, {})
    const refused = [
      'select * from users',
      'select * from settings',
      `select query_to_xml('select password_hash from users', true, true, '')`,
      `select * from records.c_${'0'.repeat(32)}`,
      `select tablename, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from records.%I', tablename), false, true, '')))[1]
       from pg_tables where schemaname = 'records'`,
      'begin read write; delete from records_view.chairs',
      'begin read write; create table records_view.mine (a int)',
      'begin read write; create table public.mine (a int)',
      'set role holdfast',
      'begin read write; create role somebody',
      `select pg_read_file('/etc/hostname')`,
      `copy (select 1) to program 'true'`,
    ]
    for (const text of refused) {
      expect([text, await outcome(asReader(text))]).toEqual([
        text,
        expect.stringMatching(/permission denied|must be superuser/),
      ])
    }
    expect(await asReader('show transaction_read_only')).toEqual([{ transaction_read_only: 'on' }])
  })

  it('the views follow the definitions', async () => {
    const endpoint = await makeEndpoint('/api/tables', [{ name: 'title', type: 'string' }])
    await createRecord('/api/tables', { title: 'Oak' })
    await admin.client.call(openSqlAccess, {})
    expect(await asReader('select title from records_view.tables')).toEqual([{ title: 'Oak' }])
    const [field] = endpoint.schema
    await admin.client.call(updateEndpoint, {
      params: { id: endpoint.id },
      body: { schema: [{ id: field?.id ?? '', name: 'wood', type: 'string' }] },
    })
    await until(async () => {
      const shown = await outcome(asReader('select wood from records_view.tables'))
      return Array.isArray(shown) && JSON.stringify(shown) === '[{"wood":"Oak"}]'
    })
  })

  it('where there is no such role and none can be made, somebody is told what to run', async () => {
    const { database } = server
    const repo = createSqlAccessRepo(database)
    const place = async () => ({ database: 'shop', role: 'nobody_reader' })
    const access = createSqlAccess({
      repo: { ...repo, place },
      snapshots: server.builder.snapshots,
      database,
      audit: refusingAudit,
      events: { append: () => Promise.resolve() },
      logger: silentLogger,
    })
    await expect(access.open(systemContext('test'))).rejects.toMatchObject({
      code: 'database.sql_access_unavailable',
      message: expect.stringContaining(`create role "nobody_reader" login password`) as string,
    })
    expect((await admin.client.call(getSqlAccess, {})).data.isOpen).toBe(false)
  })

  it('where the product may make roles it makes one, whose password it shows once and never sends', async () => {
    const connection = server.database.connection
    const parts = typeof connection === 'string' ? { connectionString: connection } : connection
    const powerful = openDatabase<Tables>({
      connection: { ...parts, user: 'postgres' },
      logger: silentLogger,
    })
    const repo = createSqlAccessRepo(powerful)
    const role = `made_${randomBytes(6).toString('hex')}_reader`
    const access = createSqlAccess({
      repo: { ...repo, place: async () => ({ database: 'shop', role }) },
      snapshots: server.builder.snapshots,
      database: powerful,
      audit: { append: () => Promise.resolve() },
      events: { append: () => Promise.resolve() },
      logger: silentLogger,
    })
    try {
      const first = await access.open(systemContext('test'))
      const second = await access.open(systemContext('test'))
      expect(first.password).toMatch(/^[\w-]{32}$/)
      expect(second.password).not.toBe(first.password)
      const { rows } = await powerful.pool.query<{ rolpassword: string }>(
        'select rolpassword from pg_authid where rolname = $1',
        [role],
      )
      expect(rows[0]?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/)
      await access.close(systemContext('test'))
    } finally {
      await powerful.pool.query(`drop role if exists ${role}`)
      await powerful.close()
    }
  })
})

describe('the password that PostgreSQL keeps', () => {
  it('is the verifier of SCRAM-SHA-256, which the example of RFC 7677 confirms', () => {
    const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))
    expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$[^:]+:[^:]+$/)
    const serverKey = Buffer.from(verifier.split(':').at(-1) ?? '', 'base64')
    expect(serverSignature(serverKey)).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
  })
})

/** What is refused leaves no entry. */
const refusingAudit = { append: () => Promise.reject(new Error('A refusal was audited.')) }

/** The rows, or the words of the refusal. */
async function outcome(rows: Promise<unknown[]>): Promise<unknown> {
  try {
    return await rows
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Of the exchange that RFC 7677 shows in section 3. */
function serverSignature(serverKey: Buffer): string {
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const exchange = [
    'n=user,r=rOprNGfwEbeRWgbNEkqO',
    `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`,
    `c=biws,r=${nonce}`,
  ].join(',')
  return createHmac('sha256', serverKey).update(exchange).digest('base64')
}
