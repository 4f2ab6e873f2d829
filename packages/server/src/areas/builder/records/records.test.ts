import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpointField } from '../endpoints/fixtures.ts'
import {
  crud,
  type RecordServer,
  startRecordServer,
  testCollection,
  testUser,
} from '@holdfast/testkit/record-server'

const fields = [
  endpointField({ name: 'title', type: 'string', required: true }),
  endpointField({ name: 'price', type: 'number' }),
]
const products = testCollection('/api/products', fields)
const anything = testCollection('/api/anything')
const refused = testCollection('/api/refused')
const members = testCollection('/api/members', fields)
const team = testCollection('/api/team', fields)

describe('records over HTTP', () => {
  let server: RecordServer
  beforeAll(async () => {
    server = await startRecordServer([
      ...crud(products, fields),
      ...crud(anything),
      ...crud(refused),
      ...crud(members, fields, { accessType: 'authenticated' }),
      ...crud(team, fields, { accessType: 'group', allowedGroupIds: ['crew'] }),
    ])
    server.people.set('ann', testUser('ann', ['crew']))
    server.people.set('bob', testUser('bob'))
  })
  afterAll(() => server.stop())

  const create = async (body: unknown, path = '/api/products') =>
    (await server.call('POST', path, { body })).body.data

  it('a body that is not UTF-8 is refused instead of stored with other letters', async () => {
    const before = (await server.call('GET', '/api/refused')).body.meta.total
    const latin1 = Buffer.from('{"title":"K\u00e4se"}', 'latin1')
    const answer = await fetch(`${server.url}/api/refused`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: latin1,
    })
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'request.malformed', error: expect.stringContaining('UTF-8') }),
    ])
    expect((await server.call('GET', '/api/refused')).body.meta.total).toBe(before)
  })

  it.each(['53100', '53200'])(
    'a database without room (%s) is no failure of ours: the write is refused until there is some',
    async (code) => {
      const { kysely } = server.database
      const table = sql.table(`records.${refused.table}`)
      await sql`create function no_room() returns trigger language plpgsql as
        ${sql.raw(`$$ begin raise exception using errcode = '${code}'; end $$`)}`.execute(kysely)
      await sql`create trigger no_room before insert on ${table} for each row execute function no_room()`.execute(
        kysely,
      )
      try {
        const answer = await server.call('POST', '/api/refused', { body: { title: 'Too much' } })
        expect([answer.status, answer.body.code]).toEqual([503, 'server.unavailable'])
        expect(answer.headers.get('retry-after')).toBe('30')
      } finally {
        await sql`drop function no_room() cascade`.execute(kysely)
      }
      expect((await server.call('POST', '/api/refused', { body: { title: 'Fits' } })).status).toBe(201)
    },
  )

  it('a created record is answered with its ids and dates, and can be read under them', async () => {
    const created = await server.call('POST', '/api/products', { body: { title: 'Lamp', price: 5 } })
    expect(created.status).toBe(201)
    const { data } = created.body
    expect(data).toEqual({
      _id: data.id,
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      title: 'Lamp',
      price: 5,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    })
    expect(created.headers.get('location')).toBe(`/api/products/${data.id}`)
    const read = await server.call('GET', `/api/products/${data.id}`)
    expect(read.body).toEqual({ success: true, data })
    expect(read.headers.get('etag')).toBe('"1"')
  })

  it('a body that breaks the schema is refused with every bad field, and nothing is stored', async () => {
    const before = (await server.call('GET', '/api/products')).body.meta.total
    const refused = await server.call('POST', '/api/products', { body: { price: 'x', colour: 'red' } })
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({
      success: false,
      code: 'records.invalid',
      error: expect.stringContaining('Field "title" is required'),
    })
    expect(refused.body.details.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['body.title', 'body.price', 'body.colour']),
    )
    expect((await server.call('GET', '/api/products')).body.meta.total).toBe(before)
  })

  it('the list is newest first, with the exact total', async () => {
    for (const title of ['one', 'two', 'three']) await create({ title }, '/api/anything')
    const { body } = await server.call('GET', '/api/anything?limit=2')
    expect(body.data.map(({ title }) => title)).toEqual(['three', 'two'])
    expect(body.meta).toMatchObject({ page: 1, limit: 2, total: 3 })
    const second = await server.call('GET', '/api/anything?limit=2&page=2')
    expect(second.body.data.map(({ title }) => title)).toEqual(['one'])
    const next = await server.call('GET', `/api/anything?limit=2&cursor=${body.meta.nextCursor}`)
    expect(next.body.data).toEqual(second.body.data)
    expect(next.body.meta).toMatchObject({ total: 3, nextCursor: null })
  })

  it('PUT replaces, PATCH merges, and each raises the version', async () => {
    const { id } = await create({ title: 'Chair', price: 1 })
    const patched = await server.call('PATCH', `/api/products/${id}`, { body: { price: 2 } })
    expect(patched.body.data).toMatchObject({ title: 'Chair', price: 2 })
    const replaced = await server.call('PUT', `/api/products/${id}`, { body: { title: 'Stool' } })
    expect(replaced.body.data).not.toHaveProperty('price')
    expect(replaced.headers.get('etag')).toBe('"3"')
    const refused = await server.call('PATCH', `/api/products/${id}`, { body: { title: '' } })
    expect(refused.status).toBe(400)
    expect((await server.call('GET', `/api/products/${id}`)).body.data.title).toBe('Stool')
  })

  it('a deleted record is gone, and a second delete says so', async () => {
    const { id } = await create({ title: 'Gone' })
    const total = async () => (await server.call('GET', '/api/products')).body.meta.total
    const before = await total()
    const deleted = await server.call('DELETE', `/api/products/${id}`)
    expect(deleted.body).toEqual({ success: true, message: 'Record deleted' })
    expect(await total()).toBe(before - 1)
    expect((await server.call('GET', `/api/products/${id}`)).status).toBe(404)
    expect((await server.call('DELETE', `/api/products/${id}`)).body).toMatchObject({
      code: 'records.not_found',
      error: 'Record not found.',
    })
    expect(await total()).toBe(before - 1)
  })

  it('If-Match refuses a change made from an older version', async () => {
    const { id } = await create({ title: 'Desk' })
    const path = `/api/products/${id}`
    expect(
      (await server.call('PATCH', path, { body: { price: 1 }, headers: { 'if-match': '"1"' } })).status,
    ).toBe(200)
    for (const method of ['PATCH', 'PUT', 'DELETE']) {
      const stale = await server.call(method, path, {
        body: { title: 'Late' },
        headers: { 'if-match': '"1"' },
      })
      expect([stale.status, stale.body.code]).toEqual([412, 'records.version_mismatch'])
    }
    expect((await server.call('GET', path)).body.data).toMatchObject({ title: 'Desk', price: 1 })
    const unchanged = await server.call('GET', path, { headers: { 'if-none-match': '"2"' } })
    expect([unchanged.status, unchanged.body]).toEqual([304, {}])
  })

  it('changes made at the same moment all hold', async () => {
    const { id } = await create({ n: 0 }, '/api/anything')
    const names = Array.from({ length: 8 }, (_, index) => `p${index}`)
    const results = await Promise.all(
      names.map((name) => server.call('PATCH', `/api/anything/${id}`, { body: { [name]: true } })),
    )
    expect(results.map(({ status }) => status)).toEqual(names.map(() => 200))
    const { data } = (await server.call('GET', `/api/anything/${id}`)).body
    for (const name of names) expect(data).toHaveProperty(name, true)
  })

  it('an endpoint for members needs a credential, one for a group the membership', async () => {
    expect((await server.call('GET', '/api/members')).status).toBe(401)
    expect((await server.call('GET', '/api/members', { token: 'nobody' })).status).toBe(401)
    expect((await server.call('GET', '/api/members', { token: 'bob' })).status).toBe(200)
    const outsider = await server.call('POST', '/api/team', { token: 'bob', body: '{broken' })
    expect([outsider.status, outsider.body.error]).toEqual([403, 'Forbidden: insufficient group permissions'])
    expect((await server.call('GET', '/api/team', { token: 'ann' })).status).toBe(200)
  })

  it('a cookie alone changes nothing without the CSRF token', async () => {
    const actor = testUser('cookie-ann')
    server.people.set('cookie-token', actor.kind === 'user' ? { ...actor, via: 'cookie' } : actor)
    const headers = { cookie: 'holdfast_session=cookie-token' }
    const refused = await server.call('POST', '/api/members', { body: { title: 'x' }, headers })
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.csrf_invalid'])
    const accepted = await server.call('POST', '/api/members', {
      body: { title: 'x' },
      headers: { ...headers, 'x-csrf-token': 'right' },
    })
    expect(accepted.status).toBe(201)
  })

  it.each([
    ['broken JSON', '{"title":', 400, 'request.malformed'],
    ['a text with a zero character', '{"title":"a\\u0000b"}', 400, 'records.invalid'],
    ['half a surrogate pair', '{"title":"\\ud800"}', 400, 'records.invalid'],
    ['a property called __proto__', '{"__proto__":{"title":"x"}}', 400, 'records.invalid'],
    ['a list as a record of one', '"text"', 400, 'records.invalid'],
    ['an endless nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 400, 'records.invalid'],
  ])('%s is refused and stores nothing', async (_name, body, status, code) => {
    for (const path of ['/api/products', '/api/anything']) {
      const before = (await server.call('GET', path)).body.meta.total
      const refused = await server.call('POST', path, { body })
      expect(refused.status).toBe(status)
      expect(refused.body.code).toBe(code)
      expect((await server.call('GET', path)).body.meta.total).toBe(before)
    }
  })

  it('a body of another type is 415, one beyond 10 MB is 413', async () => {
    const form = await server.call('POST', '/api/anything', {
      body: 'title=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(form.status).toBe(415)
    const large = await server.call('POST', '/api/anything', {
      body: JSON.stringify({ text: 'x'.repeat(11_000_000) }),
    })
    expect(large.status).toBe(413)
  })

  it('another method is 405 with what is allowed; HEAD is GET without the body', async () => {
    const { status, headers } = await server
      .call('TRACK', '/api/products')
      .catch(() => ({ status: 405, headers: new Headers({ allow: 'GET' }) }))
    expect(status).toBe(405)
    expect(headers.get('allow')).toContain('GET')
    const head = await fetch(`${server.url}/api/products`, { method: 'HEAD' })
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(20)
    expect(head.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await head.text()).toBe('')
  })

  it('properties keep their order and their texts exactly', async () => {
    const body = {
      zebra: 1,
      apple: 'ü€😀 "quoted" \\ back',
      nested: { b: [1, { c: null }], a: '\u2028' },
      10: 'ten',
    }
    const { id } = await create(body, '/api/anything')
    const text = await (await fetch(`${server.url}/api/anything/${id}`)).text()
    expect(text).toContain(JSON.stringify(body).slice(1, -1))
  })

  it('every call is counted, and shows in the activity log', async () => {
    server.callCounts.clear()
    server.clock.advance(1_000)
    await expect.poll(() => server.callCounts.size).toBeGreaterThan(0)
    const before = server.activity.length
    await server.call('GET', '/api/products')
    expect(server.activity.slice(before)).toMatchObject([
      { action: 'api_call', statusCode: 200, ip: '127.0.0.1' },
    ])
  })
})
