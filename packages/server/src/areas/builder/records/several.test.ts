import { testContext } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpointField } from '../endpoints/fixtures.ts'
import {
  crud,
  type RecordServer,
  startRecordServer,
  testCollection,
  testUser,
} from '@holdfast/testkit/record-server'

const categoryFields = [endpointField({ name: 'name', type: 'string' })]
const categories = testCollection('/api/categories', categoryFields)
const parent = { type: 'reference', refCollectionId: categories.id, refEndpointId: 'e' } as const
const branchFields = [
  endpointField({ name: 'name', type: 'string' }),
  endpointField({ name: 'categoryId', ...parent }),
]
const branches = testCollection('/api/branches', branchFields)
const secretFields = [endpointField({ name: 'name', type: 'string' })]
const secrets = testCollection('/api/secrets', secretFields)
const inside = testCollection('/api/inside', secretFields)
const coded = testCollection('/api/coded', secretFields)
const productFields = [
  endpointField({ name: 'title', type: 'string', required: true }),
  endpointField({ name: 'sku', type: 'string', unique: true }),
  endpointField({ name: 'branchId', type: 'reference', refCollectionId: branches.id, refEndpointId: 'e' }),
  endpointField({ name: 'secretId', type: 'reference', refCollectionId: secrets.id, refEndpointId: 'e' }),
  endpointField({ name: 'insideId', type: 'reference', refCollectionId: inside.id, refEndpointId: 'e' }),
  endpointField({ name: 'codedId', type: 'reference', refCollectionId: coded.id, refEndpointId: 'e' }),
  endpointField({
    name: 'lines',
    type: 'array',
    children: [endpointField({ name: 'categoryId', ...parent })],
  }),
]
const products = testCollection('/api/products', productFields)

describe('several records at once', () => {
  let server: RecordServer
  beforeAll(async () => {
    server = await startRecordServer([
      ...crud(categories, categoryFields),
      ...crud(branches, branchFields),
      ...crud(secrets, secretFields, { accessType: 'group', allowedGroupIds: ['crew'] }),
      ...crud(inside, secretFields, {
        network: { allows: ({ origin }) => origin === 'https://app.example.com' },
      }),
      ...crud(coded, secretFields, {
        handlers: {
          javascript: null,
          pre: [],
          post: [],
          transform: [{ name: 'hide', type: 'transform', code: 'return {}' }],
        },
      }),
      ...crud(products, productFields),
    ])
    server.people.set('ann', testUser('ann', ['crew']))
    await server.store.createIndex(
      testContext({ kind: 'system', name: 'test' }),
      products,
      { fieldId: '00000000-0000-7000-8000-0000000000aa', key: 'sku', unique: true, cast: 'text' },
      () => undefined,
    )
  })
  afterAll(() => server.stop())

  const create = async (path: string, body: unknown, token = 'ann') => {
    const created = await server.call('POST', path, { body, token })
    expect(created.status).toBe(201)
    return created.body.data
  }
  const total = async () => (await server.call('GET', '/api/products')).body.meta.total

  it('populate expands one, several, nested and all references', async () => {
    const category = await create('/api/categories', { name: 'Tools' })
    const branch = await create('/api/branches', { name: 'North', categoryId: category.id })
    const { id } = await create('/api/products', {
      title: 'Saw',
      branchId: branch.id,
      lines: [{ categoryId: category.id }],
    })
    const read = async (populate: string) =>
      (await server.call('GET', `/api/products/${id}?populate=${populate}`)).body.data
    expect(await read('branchId')).toMatchObject({
      branchId: { name: 'North', categoryId: category.id },
      lines: [{ categoryId: category.id }],
    })
    expect(await read('branchId.categoryId')).toMatchObject({
      branchId: { name: 'North', categoryId: { name: 'Tools' } },
    })
    for (const all of ['true', '1', 'branchId,lines.categoryId']) {
      expect(await read(all)).toMatchObject({
        branchId: { id: branch.id, name: 'North' },
        lines: [{ categoryId: { _id: category.id, name: 'Tools' } }],
      })
    }
    const { body } = await server.call('GET', '/api/products?populate=branchId')
    expect(body.data[0]).toMatchObject({ branchId: { name: 'North' } })
  })

  it('what the reader may not read is not expanded', async () => {
    const secret = await create('/api/secrets', { name: 'vault' })
    const { id } = await create('/api/products', { title: 'Key', secretId: secret.id })
    const path = `/api/products/${id}?populate=true`
    expect((await server.call('GET', path)).body.data.secretId).toBe(secret.id)
    expect((await server.call('GET', path, { token: 'ann' })).body.data.secretId).toMatchObject({
      name: 'vault',
    })
  })

  it('what the reader may not read from where they are is not expanded', async () => {
    const headers = { origin: 'https://app.example.com' }
    const created = await server.call('POST', '/api/inside', { body: { name: 'safe' }, headers })
    const { id } = await create('/api/products', { title: 'Key', insideId: created.body.data.id })
    const path = `/api/products/${id}?populate=insideId`
    expect((await server.call('GET', path)).body.data.insideId).toBe(created.body.data.id)
    expect((await server.call('GET', path, { headers })).body.data.insideId).toMatchObject({ name: 'safe' })
  })

  it('what code may hide from the reader is not expanded past it', async () => {
    const hidden = await create('/api/coded', { name: 'hidden' })
    const { id } = await create('/api/products', { title: 'Key', codedId: hidden.id })
    const { body } = await server.call('GET', `/api/products/${id}?populate=true`)
    expect(body.data.codedId).toBe(hidden.id)
  })

  it('a reference to nothing is refused on create and on change', async () => {
    const nowhere = '0'.repeat(24)
    const before = await total()
    const refused = await server.call('POST', '/api/products', { body: { title: 'x', branchId: nowhere } })
    expect([refused.status, refused.body.error]).toEqual([
      400,
      'Field "branchId" references non-existent record',
    ])
    const malformed = await server.call('POST', '/api/products', { body: { title: 'x', branchId: 'abc' } })
    expect(malformed.body.error).toBe('Field "branchId" must be a valid record ID')
    expect(await total()).toBe(before)
    const { id } = await create('/api/products', { title: 'y' })
    expect((await server.call('PATCH', `/api/products/${id}`, { body: { branchId: nowhere } })).status).toBe(
      400,
    )
  })

  it('a unique value is refused the second time, and only the guilty of a moment fail', async () => {
    const results = await Promise.all(
      ['A', 'B', 'A', 'C', 'A'].map((sku) =>
        server.call('POST', '/api/products', { body: { title: sku, sku } }),
      ),
    )
    expect(results.filter(({ status }) => status === 201)).toHaveLength(3)
    expect(results.filter(({ status }) => status === 409)).toHaveLength(2)
    expect(results.find(({ status }) => status === 409)?.body.code).toBe('records.value_taken')
    const { body } = await server.call('GET', '/api/products?filter[sku][exists]=true')
    expect(new Set(body.data.map(({ sku }) => sku))).toEqual(new Set(['A', 'B', 'C']))
    expect(body.data).toHaveLength(3)
  })

  it('a list of records is created whole or not at all', async () => {
    const before = await total()
    const created = await server.call('POST', '/api/products', {
      body: [{ title: 'one', sku: 'L1' }, { title: 'two' }],
    })
    expect(created.status).toBe(201)
    expect(created.body.data).toMatchObject([{ title: 'one' }, { title: 'two' }])
    const invalid = await server.call('POST', '/api/products', {
      body: [{ title: 'three' }, { price: 1 }, {}],
    })
    expect(invalid.body.details.map(({ path }) => path)).toEqual([
      'body.1.title',
      'body.1.price',
      'body.2.title',
    ])
    const taken = await server.call('POST', '/api/products', {
      body: [{ title: 'four' }, { title: 'five', sku: 'L1' }],
    })
    expect([taken.status, taken.body.details]).toMatchObject([400, [{ path: 'body.1' }]])
    const tooMany = await server.call('POST', '/api/products', {
      body: Array.from({ length: 1_001 }, () => ({ title: 'x' })),
    })
    expect(tooMany.status).toBe(400)
    expect(await total()).toBe(before + 2)
  })

  it('a list of changes or deletes holds whole or not at all', async () => {
    const [one, two] = await Promise.all([
      create('/api/products', { title: 'one' }),
      create('/api/products', { title: 'two' }),
    ])
    const nowhere = '0'.repeat(24)
    const titles = async () =>
      Promise.all(
        [one, two].map(async ({ id }) => (await server.call('GET', `/api/products/${id}`)).body.data?.title),
      )
    const refused = await server.call('PATCH', '/api/products', {
      body: {
        items: [
          { id: one.id, title: 'ONE' },
          { id: nowhere, title: 'x' },
        ],
      },
    })
    expect([refused.status, refused.body.details]).toMatchObject([400, [{ path: 'body.items.1.id' }]])
    expect(await titles()).toEqual(['one', 'two'])
    const changed = await server.call('PATCH', '/api/products', {
      body: {
        items: [
          { id: one.id, title: 'ONE' },
          { id: two.id, title: 'TWO' },
        ],
      },
    })
    expect([changed.status, await titles()]).toEqual([200, ['ONE', 'TWO']])
    const before = await total()
    expect((await server.call('DELETE', '/api/products', { body: { ids: [one.id, nowhere] } })).status).toBe(
      400,
    )
    expect(await total()).toBe(before)
    expect(
      (await server.call('DELETE', '/api/products', { body: { ids: [one.id, two.id] } })).body.data,
    ).toEqual({ deleted: 2 })
    expect(await total()).toBe(before - 2)
    expect((await server.call('DELETE', '/api/products')).status).toBe(400)
  })

  it('a create repeated under one Idempotency-Key happens once and answers the same', async () => {
    const before = await total()
    const headers = { 'idempotency-key': 'order-17' }
    const send = (title: string) => server.call('POST', '/api/products', { body: { title }, headers })
    const results = await Promise.all([send('once'), send('once'), send('once')])
    expect(results.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(results.map(({ body }) => body.data.id)).size).toBe(1)
    expect(await total()).toBe(before + 1)
    const other = await send('different')
    expect([other.status, other.body.code]).toEqual([422, 'records.idempotency_key_reused'])
    server.clock.advance(25 * 60 * 60 * 1_000)
    expect((await send('different')).status).toBe(201)
    expect(await total()).toBe(before + 2)
  })

  it('two callers without a credential who chose the same Idempotency-Key each get a record of their own', async () => {
    const create = async (ip: string) => {
      const { body } = await server.module.runtime.dispatch({
        ctx: testContext({ kind: 'anonymous' }),
        method: 'POST',
        url: '/api/products',
        headers: { 'idempotency-key': '1' },
        body: { title: 'Same' },
        ip,
        applyNetworkAccess: true,
        origin: 'tester',
      })
      return (body as { data: { id: string } }).data.id
    }
    const first = await create('203.0.113.1')
    expect(await create('203.0.113.1')).toBe(first)
    expect(await create('203.0.113.2')).not.toBe(first)
    const roaming = await create('2001:db8:1:2::1')
    expect(await create('2001:db8:1:2::2')).toBe(roaming)
  })

  it('a refused create leaves its Idempotency-Key free', async () => {
    const headers = { 'idempotency-key': 'order-18' }
    expect((await server.call('POST', '/api/products', { body: {}, headers })).status).toBe(400)
    expect(
      (await server.call('POST', '/api/products', { body: { title: 'now right' }, headers })).status,
    ).toBe(201)
  })
})
