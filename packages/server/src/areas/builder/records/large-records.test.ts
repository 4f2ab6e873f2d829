import { crud, type RecordServer, startRecordServer, testCollection } from '@holdfast/testkit/record-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpointField } from '../endpoints/fixtures.ts'

const papers = testCollection('/api/papers')
const copyFields = [
  endpointField({ name: 'paper', type: 'reference', refEndpointId: papers.id, refCollectionId: papers.id }),
]
const copies = testCollection('/api/copies', copyFields)
/** Each as large as a body may be, and together more than an answer may hold. */
const count = 7
const text = 'x'.repeat(9_900_000)

describe('the largest records, together', () => {
  let server: RecordServer
  let ids: string[]
  beforeAll(async () => {
    server = await startRecordServer([...crud(papers), ...crud(copies, copyFields)])
    const made = await Promise.all(
      Array.from({ length: count }, () => server.call('POST', '/api/papers', { body: { text } })),
    )
    ids = made.map(({ body }) => body.data.id)
  })
  afterAll(() => server.stop())

  it('are all stored, also when they come in one moment', () => {
    expect(ids.filter((id) => /^[0-9a-f]{24}$/.test(id))).toHaveLength(count)
  })

  it('a page of them is refused with what to do, and a smaller one is answered', async () => {
    for (const query of ['limit=500', 'limit=500&sort=-createdAt']) {
      const { status, body } = await server.call('GET', `/api/papers?${query}`)
      expect([status, body.code]).toEqual([413, 'records.too_large_together'])
      expect(body.error).toContain('smaller limit')
    }
    const { body } = await server.call('GET', '/api/papers?limit=2')
    expect(body.meta.total).toBe(count)
    expect(body.data.map(({ text: one }) => String(one).length)).toEqual([text.length, text.length])
  })

  it('whoever asks for one of them gets it, whatever others ask for in the same moment', async () => {
    const answers = await Promise.all(ids.map((id) => server.call('GET', `/api/papers/${id}`)))
    expect(answers.map(({ status, body }) => [status, body.data.id])).toEqual(ids.map((id) => [200, id]))
  })

  it('changing all of them at once is refused, and changes none', async () => {
    const items = ids.map((id) => ({ id, seen: true }))
    const { status, body } = await server.call('PATCH', '/api/papers', { body: { items } })
    expect([status, body.code]).toEqual([413, 'records.too_large_together'])
    expect((await server.call('GET', '/api/papers?filter[seen]=true')).body.data).toEqual([])
  })

  it('a record cannot grow without end, one change at a time', async () => {
    const grown = await server.call('PATCH', `/api/papers/${ids[0]}`, { body: { more: text } })
    expect([grown.status, grown.body.code]).toEqual([413, 'request.too_large'])
    expect((await server.call('GET', `/api/papers/${ids[0]}`)).body.data).not.toHaveProperty('more')
  })

  it('one of them in many places of an answer counts at each', async () => {
    for (let place = 0; place < count; place += 1)
      await server.call('POST', '/api/copies', { body: { paper: ids[0] } })
    const { status, body } = await server.call('GET', '/api/copies?populate=paper')
    expect([status, body.code]).toEqual([413, 'records.too_large_together'])
    expect((await server.call('GET', '/api/copies?populate=paper&limit=1')).body.data).toMatchObject([
      { paper: { _id: ids[0] } },
    ])
  })
})
