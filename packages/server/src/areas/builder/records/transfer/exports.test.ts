import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { exportRecords } from '@holdfast/contracts/builder/records'
import { silentLogger } from '@holdfast/kernel/logger'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, testContext, type TestServer } from '@holdfast/testkit/harness'
import { crud, type RecordServer, startRecordServer, testCollection } from '@holdfast/testkit/record-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseListQuery } from '../query.ts'
import { createLanes } from '../repo/lanes.ts'
import { createReadPages } from './pages.ts'

describe('pages of an export', () => {
  const scrolls = testCollection('/api/scrolls')
  const count = 220
  let server: RecordServer
  beforeAll(async () => {
    server = await startRecordServer(crud(scrolls))
    // Large enough that looking into all of them takes many times the limit below.
    await server.database.pool.query(
      `insert into records.${scrolls.table} (id, body, endpoint_id, created_at, updated_at)
       select lpad(to_hex(n), 24, '0'), json_build_object('n', n, 'text', repeat(md5(n::text), 10000)),
         '00000000-0000-7000-8000-000000000001', now(), now()
       from generate_series(1, ${count}) as n`,
    )
  })
  afterAll(() => server.stop())

  async function numbers(query: string, statementTimeoutMs: number): Promise<number[]> {
    const queries = createLanes({
      name: 'test',
      connection: server.database.connection,
      logger: silentLogger,
      connectionsMax: 1,
      waitingMax: 10,
      statementTimeoutMs,
    })
    try {
      const readPages = createReadPages({ queries, clock: server.clock })
      const ctx = testContext({ kind: 'system', name: 'test' })
      const found: number[] = []
      for await (const page of readPages(ctx, scrolls, parseListQuery(query, scrolls, [])))
        for (const { body } of page) found.push((JSON.parse(body) as { n: number }).n)
      return found
    } finally {
      await queries.close()
    }
  }

  it('hold every record that a filter finds, also when one statement may not look at all of them', async () => {
    expect(await numbers('search=c4ca4238a0b923820dcc509a6f75849b', 200)).toEqual([1])
  })

  it('hold every record, also when all of them are more than an answer may hold', async () => {
    expect(await numbers('', 10_000)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  })
})

describe('an export over HTTP', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  it('tells how many records there are, and a file that is cut is a broken connection', async () => {
    const { client } = await server.as('superAdmin')
    const body = { name: 'Long', path: '/api/long', method: 'POST' as const, accessType: 'public' as const }
    const { data: endpoint } = await client.call(createEndpoint, { body })
    const ask = createAsk(server.url)
    for (let batch = 0; batch < 3; batch += 1) {
      const items = Array.from({ length: 800 }, (_, index) => ({ index, text: 'x'.repeat(10_000) }))
      expect((await ask('POST', '/api/long', { body: items })).status).toBe(201)
    }
    const params = { id: endpoint.id }
    const whole = await client.call(exportRecords, { params, query: {} })
    expect(whole.headers.get('x-total-count')).toBe('2400')
    expect((await whole.text()).split('\n')).toHaveLength(2401)

    const cut = await client.call(exportRecords, { params, query: {} })
    // Nobody has read of it yet, so that most of it is still to be asked of the table that now goes.
    await server.database.pool.query(
      `alter table records.c_${await collectionOf(endpoint.id)} rename to gone`,
    )
    await expect(cut.text()).rejects.toThrow('terminated')
  })

  async function collectionOf(endpointId: string): Promise<string> {
    const { rows } = await server.database.pool.query<{ id: string }>(
      'select collection_id as id from endpoints where id = $1',
      [endpointId],
    )
    return rows[0]?.id.replaceAll('-', '') ?? ''
  }
})
