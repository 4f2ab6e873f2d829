import { testContext } from '@holdfast/testkit/harness'
import { crud, type RecordServer, startRecordServer, testCollection } from '@holdfast/testkit/record-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const notes = testCollection('/api/notes')
const count = 95

describe('pages that are asked for in one moment', () => {
  let server: RecordServer
  beforeAll(async () => {
    server = await startRecordServer(crud(notes))
    const items = Array.from({ length: count }, (_, number) => ({ number }))
    await server.call('POST', '/api/notes', { body: items })
    // One that is over, and that nobody has swept yet: no page may hold it, and no total count it.
    await server.database.pool.query(
      `update records.${notes.table} set expires_at = $1 where body ->> 'number' = '50'`,
      [new Date(server.clock.nowMs() - 1_000).toISOString()],
    )
  })
  afterAll(() => server.stop())

  const ask = async (query: string) => {
    const { status, body } = await server.call('GET', `/api/notes?${query}`)
    return { status, numbers: body.data.map(({ number }) => Number(number)), meta: body.meta }
  }

  it('are each what they are when they are asked for alone', async () => {
    const expected = Array.from({ length: count }, (_, index) => count - 1 - index).filter(
      (number) => number !== 50,
    )
    const queries = [7, 20].flatMap((limit) =>
      Array.from({ length: 16 }, (_, index) => ({ limit, page: index + 1 })),
    )
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(queries.map(({ limit, page }) => ask(`limit=${limit}&page=${page}`)))
      answers.forEach(({ status, numbers, meta }, index) => {
        const { limit, page } = queries[index] ?? { limit: 0, page: 0 }
        expect([status, meta.total]).toEqual([200, count - 1])
        expect(numbers).toEqual(expected.slice((page - 1) * limit, page * limit))
      })
    }
  })

  it('of an empty collection are empty, with a total of nothing', async () => {
    const empty = testCollection('/api/empty')
    server.define([...crud(notes), ...crud(empty)])
    await server.store.createTable(testContext({ kind: 'system', name: 'test' }), empty)
    const answers = await Promise.all(
      [1, 2, 3].map((page) => server.call('GET', `/api/empty?limit=5&page=${page}`)),
    )
    for (const { body } of answers) expect([body.data, body.meta.total]).toEqual([[], 0])
  })
})
