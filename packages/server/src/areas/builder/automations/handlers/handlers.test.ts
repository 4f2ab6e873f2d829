import { createServer, type ServerResponse } from 'node:http'
import { dryRunHandler, listHandlerRuns, saveSecret, listSecrets } from '@holdfast/contracts/builder/code'
import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import type { z } from 'zod'
import type { EndpointHandler } from '@holdfast/contracts/builder/endpoints'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

let server: TestServer
let admin: TestUser
let outside: ReturnType<typeof createServer>
let outsideUrl: string
let paths = 0

beforeAll(async () => {
  outside = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ path: request.url, key: request.headers['x-key'] ?? null }))
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
  const address = outside.address()
  outsideUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  server = await startTestServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  admin = await server.as('superAdmin')
})
afterAll(async () => {
  await server.stop()
  outside.close()
})

type Handlers = z.input<typeof EndpointHandler>[]

/** Code of a handler from the body of its function. */
const handler = (type: Handlers[number]['type'], body: string, name: string = type) => ({
  name,
  type,
  code: `async function handler(req, db) { ${body} }`,
})

async function define(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  handlers: Handlers,
  more: object = {},
) {
  const path = `/api/handled-${++paths}`
  const { data } = await admin.client.call(createEndpoint, {
    body: {
      name: path,
      path,
      method,
      accessType: 'public',
      handlers,
      schema: [
        { name: 'title', type: 'string', required: true },
        { name: 'stock', type: 'number' },
      ],
      ...more,
    },
  })
  return data
}

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(server.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  // oxlint-disable-next-line no-unsafe-assignment -- answers of many shapes; a wrong guess fails the test
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}

describe('handlers of endpoints', () => {
  it('a pre handler changes what is written, or ends the request before anything is', async () => {
    const { path } = await define('POST', [
      handler(
        'pre',
        `if (req.body.title === 'bad') return { status: 422, error: 'Not this one' }
        req.body.title = req.body.title.toUpperCase()`,
      ),
      { ...handler('pre', 'return { status: 500 }', 'off'), enabled: false },
    ])
    expect((await send('POST', path, { title: 'pen' })).body).toMatchObject({ data: { title: 'PEN' } })
    const refused = await send('POST', path, { title: 'bad' })
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ success: false, error: 'Not this one', code: 'handlers.refused' })
    const rows = await server.database.pool.query(`select count(*)::int as count from record_changes`)
    expect(rows.rows).toHaveLength(1)
  })

  it('a javascript handler answers instead of the records, with db, user, params and query', async () => {
    const path = `/api/handled-${++paths}`
    await define('POST', [], { path })
    await define(
      'GET',
      [
        handler(
          'javascript',
          `
        const made = await db.create({ title: 'made', stock: 3 })
        const changed = await db.update(made.id, { stock: 2 })
        const found = await db.find({ stock: { gte: 2 } }, { sort: '-createdAt' })
        const one = await db.findOne({ title: 'made' })
        const gone = [await db.delete(made.id), await db.delete(made.id), await db.findOne(made.id)]
        return { status: 203, data: { changed: changed.stock, found: found.length, one: one.title, gone,
          user: req.user?.login ?? null, query: req.query, id: req.params.id, secretHeader: req.headers.authorization ?? null } }`,
        ),
      ],
      { path: `${path}/:id` },
    )
    const answer = await send('GET', `${path}/abc?a=1`, undefined, admin.headers)
    expect(answer).toMatchObject({
      status: 203,
      body: {
        success: true,
        data: {
          changed: 2,
          found: 1,
          one: 'made',
          gone: [true, false, null],
          query: { a: '1' },
          id: 'abc',
          secretHeader: null,
        },
      },
    })
    expect(answer.body.data.user).toBe(admin.user.login)
  })

  it('a body that is returned is sent as it is', async () => {
    const { path } = await define('GET', [handler('javascript', 'return { statusCode: 200, body: [1, 2] }')])
    expect((await send('GET', path)).body).toEqual([1, 2])
  })

  it('a transform changes the answer, also when the client has it already', async () => {
    const path = `/api/handled-${++paths}`
    await define('POST', [], { path })
    const { body } = await send('POST', path, { title: 'cup' })
    await define(
      'GET',
      [handler('transform', 'return { data: { ...req.result.body.data, seen: req.method } }')],
      { path },
    )
    const first = await send('GET', `${path}/${body.data.id}`)
    expect(first.body.data).toMatchObject({ title: 'cup', seen: 'GET' })
    expect(first.headers.get('etag')).toBeNull()
    expect((await send('GET', `${path}/${body.data.id}`, undefined, { 'if-none-match': '"1"' })).status).toBe(
      200,
    )
  })

  it('a post handler sees the answer after the change; its failure takes nothing back', async () => {
    const endpoint = await define('POST', [
      handler('post', 'console.log(req.result.body.data.title); throw new Error("late")'),
    ])
    const answer = await send('POST', endpoint.path, { title: 'kept' })
    expect(answer.status).toBe(201)
    await until(async () => {
      server.clock.advance(1_000)
      const { data } = await admin.client.call(listHandlerRuns, {
        params: { id: endpoint.id },
        query: { failed: 'true' },
      })
      return data[0]?.error?.message === 'late' && data[0].console[0]?.text === 'kept'
    })
  })

  it('a caller who hangs up ends no post handler: the change is made, and what follows from it is too', async () => {
    const calls = createServer((_request, response) => {
      seen.push(response)
    })
    const seen: ServerResponse[] = []
    await new Promise<void>((resolve) => calls.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      calls.closeAllConnections()
      calls.close()
    })
    const address = calls.address()
    const callsUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const asks = `await fetch(${JSON.stringify(callsUrl)});`
    const endpoint = await define('POST', [
      handler('transform', `${asks} return req.result.body`),
      handler('post', `${asks} console.log('followed', req.result.body.data.title)`),
    ])
    const gone = new AbortController()
    const request = fetch(server.url + endpoint.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'kept' }),
      signal: gone.signal,
    })
    const ended = request.catch((error: unknown) => (error instanceof Error ? error.name : ''))
    await until(() => seen.length === 1, { what: 'the transform handler' })
    gone.abort()
    expect(await ended).toBe('AbortError')
    // The server has noticed when another request that came after the end of this connection is served.
    await send('GET', '/health')
    seen[0]?.end('ok')
    await until(() => seen.length === 2, { what: 'the post handler' })
    seen[1]?.end('ok')
    await until(async () => {
      server.clock.advance(1_000)
      const { data } = await admin.client.call(listHandlerRuns, {
        params: { id: endpoint.id },
        query: { handler: 'post' },
      })
      return data[0]?.console[0]?.text === 'followed kept'
    })
  })

  it('a filter takes each value of a list as it is, with its commas, and nothing is in an empty list', async () => {
    const path = `/api/handled-${++paths}`
    await define('POST', [], { path })
    await define(
      'GET',
      [
        handler(
          'javascript',
          `
        for (const title of ['a', 'b', 'a,b', 'c,d']) await db.create({ title })
        const titles = async (filter) => (await db.find(filter)).map((one) => one.title).sort()
        return { data: [
          await titles({ title: ['a,b'] }), await titles({ title: { in: ['a,b', 'c,d', 'a'] } }),
          await titles({ title: { $in: ['b'] } }), await titles({ title: [] }),
          await titles({ title: { contains: ['a'] } }).catch((error) => error.message) ] }`,
        ),
      ],
      { path },
    )
    expect((await send('GET', path)).body.data).toEqual([
      ['a,b'],
      ['a', 'a,b', 'c,d'],
      ['b'],
      [],
      'A filter compares with texts, numbers, booleans or lists of them.',
    ])
  })

  it('what fails is 500 without a word of why; only its author reads the reason', async () => {
    const endpoint = await define('GET', [
      handler('javascript', 'throw new Error("the password of our bank")'),
    ])
    const answer = await send('GET', endpoint.path)
    expect(answer.status).toBe(500)
    expect(answer.body).toMatchObject({ code: 'handlers.failed' })
    expect(JSON.stringify(answer.body)).not.toContain('bank')
    await until(async () => {
      server.clock.advance(1_000)
      const { data } = await admin.client.call(listHandlerRuns, { params: { id: endpoint.id }, query: {} })
      return data[0]?.error?.message.includes('bank') === true
    })
  })

  it('what db refuses is answered as that refusal, unless the code catches it', async () => {
    const { path } = await define('POST', [
      handler('javascript', 'await db.create(req.body); return { data: 1 }'),
    ])
    const answer = await send('POST', path, { title: 5 })
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'records.invalid', error: 'Field "title" must be a string' },
    })
  })

  it('an endless loop ends, and requests beside it go on', async () => {
    const loop = await define('GET', [handler('javascript', 'for (;;) {}')])
    const plain = await define('GET', [])
    const looping = send('GET', loop.path)
    const others = await Promise.all(Array.from({ length: 20 }, () => send('GET', plain.path)))
    expect(others.every(({ status }) => status === 200)).toBe(true)
    expect((await looping).status).toBe(500)
  })

  it('a value that hides a prototype is not passed on', async () => {
    const { path } = await define('POST', [
      handler('pre', `return { body: JSON.parse('{"title":"x","__proto__":{"admin":true}}') }`),
    ])
    expect((await send('POST', path, { title: 'x' })).status).toBe(500)
  })

  it('a cookie alone does not make a handler act for its owner', async () => {
    const { path } = await define('POST', [handler('javascript', 'return { data: req.user?.login ?? null }')])
    const answer = await send('POST', path, {}, { cookie: admin.cookie })
    expect(answer).toMatchObject({ status: 403, body: { code: 'auth.csrf_invalid' } })
  })

  it('fetch goes through the guarded client, and a secret that code reads is masked wherever it comes out', async () => {
    await admin.client.call(saveSecret, {
      params: { name: 'SHOP_KEY' },
      body: { value: 'sk_live_1234567890' },
    })
    const endpoint = await define('GET', [
      handler(
        'javascript',
        `
      const key = await secrets.get('SHOP_KEY')
      console.log('the key is ' + key)
      const answer = await fetch(${JSON.stringify(outsideUrl)} + '/a', { headers: { 'x-key': key } })
      const refused = await fetch('http://169.254.169.254/latest').catch((error) => error.message)
      return { data: { received: await answer.json(), refused } }`,
      ),
    ])
    const { status, body } = await send('GET', endpoint.path)
    expect(status).toBe(200)
    expect(body.data.received).toEqual({ path: '/a', key: '********' })
    expect(body.data.refused).toContain('cloud metadata')
    await until(async () => {
      server.clock.advance(1_000)
      const { data } = await admin.client.call(listHandlerRuns, { params: { id: endpoint.id }, query: {} })
      return data[0]?.console[0]?.text === 'the key is ********'
    })
    const listed = await admin.client.call(listSecrets, {})
    expect(JSON.stringify(listed)).not.toContain('sk_live')
    const stored = await server.database.pool.query('select value from code_secrets')
    expect(JSON.stringify(stored.rows)).not.toContain('sk_live')
  })

  it('keeps the last fifty runs of a handler', async () => {
    const endpoint = await define('GET', [handler('javascript', 'return { data: 1 }')])
    const count = async () =>
      (
        await server.database.pool.query<{ count: number }>(
          'select count(*)::int as count from handler_runs where endpoint_id = $1',
          [endpoint.id],
        )
      ).rows[0]?.count
    for (let round = 0; round < 12; round += 1) {
      const before = await count()
      for (let turn = 0; turn < 5; turn += 1) await send('GET', endpoint.path)
      await until(async () => {
        server.clock.advance(1_000)
        const now = await count()
        return now === Math.min(50, (before ?? 0) + 5)
      })
    }
    expect(await count()).toBe(50)
  })
})

describe('a dry run', () => {
  it('shows result, console and duration, and leaves no record behind', async () => {
    const endpoint = await define('POST', [])
    const before = await server.database.pool.query('select count(*)::int as count from record_changes')
    const { data } = await admin.client.call(dryRunHandler, {
      params: { id: endpoint.id },
      body: {
        type: 'javascript',
        code: `async function handler(req, db) {
          const made = await db.create({ title: req.body.title })
          await db.create({ stock: 1 }).catch((error) => console.warn(error.code))
          await db.update(made.id, { stock: 7 })
          console.log((await db.find()).length)
          return { data: await db.findOne(made.id) } }`,
        request: { body: { title: 'tried' } },
      },
    })
    expect(data.error).toBeNull()
    expect(data.value).toMatchObject({ data: { title: 'tried', stock: 7 } })
    expect(data.console).toEqual([
      { level: 'warn', text: 'records.invalid' },
      { level: 'log', text: '1' },
    ])
    expect(data.durationMs).toBeGreaterThan(0)
    const after = await server.database.pool.query('select count(*)::int as count from record_changes')
    expect(after.rows).toEqual(before.rows)
    expect((await define('GET', [], { path: endpoint.path })).path).toBe(endpoint.path)
    expect((await send('GET', endpoint.path)).body.data).toEqual([])
  })

  it('that waits for something else holds up no list of records, however many there are', async () => {
    const endpoint = await define('POST', [])
    await define('GET', [], { path: endpoint.path })
    const waiting: ServerResponse[] = []
    const slow = createServer((_request, response) => {
      waiting.push(response)
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      slow.closeAllConnections()
      slow.close()
    })
    const address = slow.address()
    const slowUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const body = {
      type: 'javascript' as const,
      code: `async function handler(req, db) { await fetch(${JSON.stringify(slowUrl)}); return (await db.find()).length }`,
    }
    // Dry runs of one endpoint never take all workers: some of another one's as well.
    const other = await define('POST', [])
    const tries = [endpoint, endpoint, endpoint, other, other, other].map(({ id }) =>
      admin.client.call(dryRunHandler, { params: { id }, body }),
    )
    await until(() => waiting.length >= 4, { what: 'the dry runs' })
    expect((await send('GET', `${endpoint.path}?filter[title][contains]=x`)).status).toBe(200)
    for (const response of waiting) response.end('ok')
    slow.on('request', (_request, response) => response.end('ok'))
    const answers = await Promise.all(tries)
    expect(answers.map(({ data }) => data.error)).toEqual(answers.map(() => null))
  })

  it('needs the right to manage endpoints', async () => {
    const endpoint = await define('POST', [])
    const viewer = await server.as(['view'])
    const attempt = viewer.client.call(dryRunHandler, {
      params: { id: endpoint.id },
      body: { type: 'pre', code: '' },
    })
    await expect(attempt).rejects.toMatchObject({ status: 403 })
  })
})
