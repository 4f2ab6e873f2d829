import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createClient, fillPath } from './client.ts'
import { stream, upload } from './media.ts'
import { route } from './route.ts'

const shared = { summary: 'For the test', access: { public: 'for the test' } } as const
const readThing = route({
  ...shared,
  id: 'things.read',
  method: 'GET',
  path: '/api/things/{id}',
  params: z.object({ id: z.string() }),
  query: z.object({ depth: z.coerce.number().default(1), tag: z.string().optional() }),
  answers: { 200: z.object({ name: z.string() }) },
})
const makeThing = route({
  ...shared,
  id: 'things.make',
  method: 'POST',
  path: '/api/things',
  audit: { none: 'for the test' },
  body: z.object({ name: z.string() }),
  answers: { 201: z.object({ name: z.string() }), 204: null },
})
const importThings = route({
  ...shared,
  id: 'things.import',
  method: 'POST',
  path: '/api/things/import',
  audit: { none: 'for the test' },
  body: upload('text/csv'),
  answers: { 200: stream('text/csv') },
})

interface Seen {
  method: string | undefined
  url: string | undefined
  type: string | undefined
  body: string
}

describe('the typed client', () => {
  let server: Server
  let baseUrl: string
  let seen: Seen[]
  let answer: { status: number; body?: unknown; headers?: Record<string, string> }

  beforeAll(async () => {
    server = createServer((request: IncomingMessage, response) => {
      const { method, url } = request
      void text(request).then((body) => {
        seen.push({ method, url, type: request.headers['content-type'], body })
        response.writeHead(answer.status, answer.headers)
        response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    baseUrl = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  })
  beforeEach(() => {
    seen = []
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('fills path and query and parses the answer', async () => {
    answer = { status: 200, body: { name: 'Chair', extra: true } }
    const client = createClient({ baseUrl })
    const thing = await client.call(readThing, {
      params: { id: 'a/b c' },
      query: { depth: 2, tag: undefined },
    })
    expect(thing).toEqual({ name: 'Chair' })
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/api/things/a%2Fb%20c?depth=2', body: '' })
  })

  it('sends JSON, and headers that are asked for at every call', async () => {
    answer = { status: 201, body: { name: 'Chair' } }
    const methods: string[] = []
    const client = createClient({
      baseUrl,
      headers: (method) => {
        methods.push(method)
        return {}
      },
    })
    await client.call(makeThing, { body: { name: 'Chair' } })
    expect(seen[0]).toMatchObject({ method: 'POST', type: 'application/json', body: '{"name":"Chair"}' })
    expect(methods).toEqual(['POST'])
  })

  it('an empty answer is undefined', async () => {
    answer = { status: 204 }
    expect(await createClient({ baseUrl }).call(makeThing, { body: { name: '' } })).toBeUndefined()
  })

  it('uploads go out with the type of the route, streams come back as they are', async () => {
    answer = { status: 200, body: 'a,b' }
    const response = await createClient({ baseUrl }).call(importThings, { body: 'a,b\n' })
    expect(seen[0]).toMatchObject({ type: 'text/csv', body: 'a,b\n' })
    expect(await response.text()).toBe('"a,b"')
  })

  it.each(['requestId', 'request_id'])('a refusal becomes the problem it was, with %s', async (idName) => {
    const details = [{ path: 'body.name', message: 'must not be empty' }]
    answer = {
      status: 409,
      headers: { 'retry-after': '7' },
      body: { error: 'Taken.', code: 'groups.name_taken', [idName]: 'r1', details, affected: 3 },
    }
    await expect(createClient({ baseUrl }).call(makeThing, { body: { name: '' } })).rejects.toMatchObject({
      code: 'groups.name_taken',
      status: 409,
      message: 'Taken.',
      requestId: 'r1',
      details,
      data: { affected: 3 },
      retryAfterSeconds: 7,
    })
  })

  it('a refusal that is not ours still becomes a problem', async () => {
    answer = { status: 502, body: 'Bad gateway' }
    const attempt = createClient({ baseUrl }).call(makeThing, { body: { name: '' } })
    await expect(attempt).rejects.toMatchObject({ code: 'server.failed', status: 502 })
  })

  it('an answer that breaks the contract is an error, not data', async () => {
    answer = { status: 200, body: { nome: 'Chair' } }
    await expect(
      createClient({ baseUrl }).call(readThing, { params: { id: '1' }, query: {} }),
    ).rejects.toBeInstanceOf(z.ZodError)
  })

  it('an aborted call does not wait for its answer', async () => {
    answer = { status: 200, body: { name: 'Chair' } }
    const call = createClient({ baseUrl }).call(
      readThing,
      { params: { id: '1' }, query: {} },
      { signal: AbortSignal.abort() },
    )
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('fillPath', () => {
  it('encodes every parameter, so that none can leave its segment', () => {
    expect(fillPath('/a/{x}/b/{y}', { x: '../c', y: '?q#f' })).toBe('/a/..%2Fc/b/%3Fq%23f')
  })
})
