import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { endpointField } from '../endpoints/fixtures.ts'
import {
  crud,
  type RecordServer,
  startRecordServer,
  testCollection,
  testUser,
} from '@holdfast/testkit/record-server'

const address = endpointField({
  name: 'address',
  type: 'object',
  children: [
    endpointField({ name: 'city', type: 'string' }),
    endpointField({ name: 'floor', type: 'number' }),
  ],
})
const fields = [
  endpointField({ name: 'title', type: 'string', key: 'title~2' }),
  endpointField({ name: 'price', type: 'number' }),
  endpointField({ name: 'sold', type: 'boolean' }),
  endpointField({ name: 'made', type: 'datetime' }),
  endpointField({ name: 'tags', type: 'array' }),
  endpointField({ name: "o'clock", type: 'string' }),
  endpointField({ name: 'cost', type: 'number', readGroupIds: ['crew'], writeGroupIds: ['crew'] }),
  endpointField({ name: 'internal', type: 'string', hidden: true }),
  address,
]
const things = testCollection('/api/things', fields)
const free = testCollection('/api/free')
const noteFields = [
  endpointField({ name: 'thingId', type: 'reference', refEndpointId: things.id, refCollectionId: things.id }),
]
const notes = testCollection('/api/notes', noteFields)

describe('queries', () => {
  let server: RecordServer
  beforeAll(async () => {
    // A server away from Greenwich answers the same.
    vi.stubEnv('TZ', 'Europe/Oslo')
    server = await startRecordServer([...crud(things, fields), ...crud(free), ...crud(notes, noteFields)])
    server.people.set('ann', testUser('ann', ['crew']))
    const bodies = [
      {
        title: 'Alpha 50%',
        price: 1.5,
        sold: true,
        made: '2026-01-01T00:00:00Z',
        tags: ['red', 'old'],
        address: { city: 'Oslo', floor: 2 },
        cost: 1,
        internal: 'x',
      },
      {
        title: 'beta_b',
        price: 10,
        sold: false,
        made: '2026-03-01T12:00:00+02:00',
        tags: ['blue'],
        address: { city: 'Rome', floor: 10 },
        cost: 9,
      },
      { title: 'Gamma', price: -3, sold: true, "o'clock": "it's", address: { city: 'Oslo' } },
      { title: 'Delta', price: null },
      { title: 'Delta', price: 10 },
    ]
    for (const body of bodies) {
      const created = await server.call('POST', '/api/things', { body, token: 'ann' })
      if (created.status !== 201) throw new Error(JSON.stringify(created.body))
    }
    await server.call('POST', '/api/free', { body: { note: 'Hello World', deep: { n: 'seven' } } })
    await server.call('POST', '/api/free', { body: { note: 'other', price: 5 } })
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server.stop()
  })

  const titles = async (query: string, token?: string) => {
    const { status, body } = await server.call(
      'GET',
      `/api/things?${query}`,
      token === undefined ? {} : { token },
    )
    return status === 200 ? body.data.map(({ title }) => title) : [status, body.code, body.details?.[0]?.path]
  }

  it.each([
    ['filter[price]=10', ['Delta', 'beta_b']],
    ['filter[price][ne]=10', ['Delta', 'Gamma', 'Alpha 50%']],
    ['filter[price][gt]=1.5', ['Delta', 'beta_b']],
    ['filter[price][gte]=1.5&filter[price][lt]=10', ['Alpha 50%']],
    ['filter[price][lte]=-3', ['Gamma']],
    ['filter[price][in]=-3,1.5', ['Gamma', 'Alpha 50%']],
    ['filter[price][exists]=false', ['Delta']],
    ['filter[sold]=true', ['Gamma', 'Alpha 50%']],
    ['filter[title][contains]=AMM', ['Gamma']],
    ['filter[title][contains]=0%25', ['Alpha 50%']],
    ['filter[title][startsWith]=beta_', ['beta_b']],
    ['filter[title][startsWith]=beta%25', []],
    ['filter[title][in]=Gamma,Delta', ['Delta', 'Delta', 'Gamma']],
    ['filter[made][lt]=2026-03-01T10:30:00Z', ['beta_b', 'Alpha 50%']],
    // Without an offset it is UTC, as it is when it is written.
    ['filter[made]=2026-03-01T10:00', ['beta_b']],
    ['filter[tags][contains]=red', ['Alpha 50%']],
    ['filter[address.city]=Oslo', ['Gamma', 'Alpha 50%']],
    ['filter[address.floor][gt]=2', ['beta_b']],
    ['filter[createdAt][gt]=2030-01-01', []],
    ["filter[o'clock]=it's", ['Gamma']],
    ['search=GAMMA', ['Gamma']],
    ['search=oslo', ['Gamma', 'Alpha 50%']],
    ['sort=title', ['Alpha 50%', 'Delta', 'Delta', 'Gamma', 'beta_b']],
    ['sort=-createdAt,title', ['Alpha 50%', 'Delta', 'Delta', 'Gamma', 'beta_b']],
    ['sort=id&filter[title]=Gamma', ['Gamma']],
    ['sort=-price,title', ['Delta', 'Delta', 'beta_b', 'Alpha 50%', 'Gamma']],
    ['sort=price&filter[price][exists]=true', ['Gamma', 'Alpha 50%', 'Delta', 'beta_b']],
  ])('%s finds exactly what it says', async (query, expected) => {
    expect(await titles(query)).toEqual(expected)
  })

  it.each([
    ['filter[colour]=red', 'query.filter[colour]'],
    ['filter[price][like]=1', 'query.filter[price][like]'],
    ['filter[price]=ten', 'query.filter[price]'],
    ['filter[sold]=maybe', 'query.filter[sold]'],
    ['filter[made]=yesterday', 'query.filter[made]'],
    ['filter[price][contains]=1', 'query.filter[price][contains]'],
    ['filter[address]=Oslo', 'query.filter[address]'],
    ['filter[internal]=x', 'query.filter[internal]'],
    ['filter[cost]=1', 'query.filter[cost]'],
    ['sort=cost', 'query.sort'],
    ['sort=address', 'query.sort'],
    ['fields=internal', 'query.fields'],
    ['filter%5Bprice', 'query.filter[price'],
    ['page=0', 'query.page'],
    ['limit=100000', 'query.limit'],
    ['cursor=abc', 'query.cursor'],
    ['populate=title', 'query.populate'],
  ])('%s is refused with a pointer', async (query, path) => {
    expect(await titles(query)).toEqual([400, 'records.query_invalid', path])
  })

  it('times are read in UTC whatever the time zone of the server', () => {
    expect(new Date('2026-03-01T10:00').getTimezoneOffset()).toBe(-60)
  })

  it('an id is the same id in capitals', async () => {
    const [thing] = (await server.call('GET', '/api/things?limit=1')).body.data
    await server.call('POST', '/api/notes', { body: { thingId: thing?.id } })
    const capitals = thing?.id.toUpperCase() ?? ''
    const totals: Record<string, number> = {}
    for (const query of [
      `filter[thingId]=${capitals}`,
      `filter[thingId][in]=${capitals}`,
      `filter[thingId][startsWith]=${capitals.slice(0, 20)}`,
      `filter[thingId][contains]=${capitals.slice(4)}`,
    ])
      totals[query] = (await server.call('GET', `/api/notes?${query}`)).body.meta.total
    expect(Object.values(totals)).toEqual([1, 1, 1, 1])
    expect((await server.call('GET', `/api/things?filter[_id]=${capitals}`)).body.data).toMatchObject([
      { id: thing?.id },
    ])
    const other = await server.call('GET', '/api/notes?filter[thingId]=somebody')
    expect([other.status, other.body.details[0]?.path]).toEqual([400, 'query.filter[thingId]'])
  })

  it('a value that looks like SQL is only a value', async () => {
    for (const value of ["' or 1=1 --", '$1', "\\'; drop schema records"]) {
      expect(await titles(`filter[title]=${encodeURIComponent(value)}`)).toEqual([])
      expect(await titles(`search=${encodeURIComponent(value)}`)).toEqual([])
    }
    expect(
      (await server.call('GET', `/api/free?filter[${encodeURIComponent("a' or 'a'='a")}]=1`)).body.data,
    ).toEqual([])
  })

  it('walking a sorted list by cursor meets every record once, absent values included', async () => {
    for (const sort of ['price', '-price', 'title', '-sold,price', 'made', '-address.city']) {
      const whole = (await server.call('GET', `/api/things?sort=${sort}`)).body.data.map(({ id }) => id)
      const walked: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const { body } = await server.call(
          'GET',
          `/api/things?limit=2&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`,
        )
        walked.push(...body.data.map(({ id }) => id))
        cursor = body.meta.nextCursor
      }
      expect(walked).toEqual(whole)
    }
  })

  it('the total of a filter is exact', async () => {
    const { body } = await server.call('GET', '/api/things?filter[price]=10&limit=1')
    expect(body.meta).toMatchObject({ total: 2, limit: 1 })
    expect(body.meta).not.toHaveProperty('totalIsLowerBound')
  })

  it('fields picks, and the id always stays', async () => {
    const { body } = await server.call('GET', '/api/things?fields=title&limit=1')
    expect(body.data).toEqual([{ _id: expect.any(String), id: expect.any(String), title: 'Delta' }])
  })

  it('a field of a group is invisible and out of reach to others', async () => {
    const asAnn = await server.call('GET', '/api/things?filter[cost]=9', { token: 'ann' })
    expect(asAnn.body.data).toMatchObject([{ title: 'beta_b', cost: 9 }])
    const id = asAnn.body.data[0]?.id
    const asNobody = await server.call('GET', `/api/things/${id}`)
    expect(asNobody.body.data).not.toHaveProperty('cost')
    expect((await server.call('PATCH', `/api/things/${id}`, { body: { cost: 1 } })).status).toBe(403)
    await server.call('PUT', `/api/things/${id}`, { body: { title: 'beta_b', price: 10 } })
    expect((await server.call('GET', `/api/things/${id}`, { token: 'ann' })).body.data).toMatchObject({
      cost: 9,
    })
  })

  it('a hidden field never appears', async () => {
    const { body } = await server.call('GET', '/api/things?limit=100', { token: 'ann' })
    expect(JSON.stringify(body)).not.toContain('internal')
  })

  it('records without a schema can be searched and filtered as they are', async () => {
    const notes = async (query: string) =>
      (await server.call('GET', `/api/free?${query}`)).body.data.map(({ note }) => note)
    expect(await notes('search=hello')).toEqual(['Hello World'])
    expect(await notes('filter[deep.n]=seven')).toEqual(['Hello World'])
    expect(await notes('filter[price]=5')).toEqual(['other'])
  })
})
