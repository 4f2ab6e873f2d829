import { RequestLogEvent } from '@holdfast/contracts/gateway/link'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createIds } from '@holdfast/kernel/id'
import { createTestClock, systemClock } from '@holdfast/kernel/clock'
import { describe, expect, it } from 'vitest'
import type { Upsert } from '../data-plane.ts'
import {
  changeOf,
  consumerOf,
  connectRaw,
  routeOf,
  serviceOf,
  settingsOf,
  startPlane,
  startService,
} from '../proxy/fixtures.ts'

const ids = createIds(systemClock)
const key = 'gw_test_0123456789'

async function start(
  route: Parameters<typeof routeOf>[1],
  more: Upsert[] = [],
  options: Parameters<typeof startPlane>[1] = {},
) {
  const seen: Record<string, string | string[] | undefined>[] = []
  const { url: upstream } = await startService((request, response) => {
    seen.push(request.headers)
    response.setHeader('access-control-allow-origin', 'https://forged.example')
    request.resume().on('end', () => response.end('hello'))
  })
  const service = serviceOf(upstream)
  const started = await startPlane([service, routeOf(service.id, route), settingsOf(), ...more], options)
  const ask = async (headers: Record<string, string> = {}, init: RequestInit = {}) => {
    const answer = await fetch(started.url, { ...init, headers })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, code: /"error":"(\w+)"/.exec(text)?.[1] ?? null }
  }
  return { ...started, ask, seen, service }
}

describe('a consumer key', () => {
  it.each([
    ['as a bearer token', { authorization: `Bearer ${key}` }, 200],
    ['as X-API-Key', { 'x-api-key': key }, 200],
    ['that is none', { 'x-api-key': `${key}x` }, 401],
    ['under another scheme', { authorization: `Basic ${key}` }, 401],
    ['left out', {}, 401],
  ])('%s', async (_title, headers, status) => {
    const { ask, seen } = await start({ authRequired: true }, [consumerOf(key, 'premium')])
    const answer = await ask(headers)
    expect([answer.status, answer.code]).toEqual(status === 200 ? [200, null] : [401, 'TOKEN_INVALID'])
    expect(seen).toHaveLength(status === 200 ? 1 : 0)
  })

  it('never reaches the service, which learns the consumer instead', async () => {
    const consumer = consumerOf(key, 'premium')
    const { ask, seen } = await start({}, [consumer])
    await ask({ 'x-api-key': key })
    await ask({ authorization: `Bearer ${key}`, 'x-consumer-id': 'forged' })
    expect(JSON.stringify(seen)).not.toContain(key)
    expect(seen.map((headers) => headers['x-consumer-id'])).toEqual([consumer.id, consumer.id])
  })

  it('that is not valid any more stays here too', async () => {
    const { ask, seen } = await start({})
    expect((await ask({ 'x-api-key': key, authorization: `Bearer ${key}` })).status).toBe(200)
    expect(JSON.stringify(seen)).not.toContain(key)
  })

  it('is named in the log and in the counts, and the query is not', async () => {
    const consumer = consumerOf(key, 'premium')
    const { url, plane, batches, service } = await start({ authRequired: true }, [consumer])
    const headers = { 'x-api-key': key, 'user-agent': 'test', 'x-request-id': 'my-id' }
    for (const query of ['?secret=1', '?secret=2'])
      await (await fetch(`${url}/a${query}`, { headers })).text()
    await expect.poll(() => batches.flatMap(({ logs }) => logs)).toHaveLength(2)
    const log = batches[0]?.logs[0]
    expect(RequestLogEvent.parse(log)).toMatchObject({
      serviceId: service.id,
      consumerId: consumer.id,
      method: 'GET',
      path: '/a',
      statusCode: 200,
      requestId: 'my-id',
      clientIp: '127.0.0.1',
      userAgent: 'test',
      errorCode: null,
    })
    expect(log?.downstreamLatencyMs).toBeLessThanOrEqual(log?.responseTimeMs ?? 0)
    expect(JSON.stringify(batches)).not.toContain('secret')
    const { requests, latency, consumers } = plane.metrics()
    expect([requests, [...latency.values()].reduce((sum, count) => sum + count, 0)]).toEqual([2, 2])
    expect(consumers).toEqual(new Map([[consumer.id, 2]]))
    expect(plane.metrics()).toMatchObject({ requests: 0, consumers: new Map() })
  })

  it('a credential of the service itself passes where the route asks for none', async () => {
    const { ask, seen } = await start({}, [consumerOf(key, 'premium')])
    expect((await ask({ authorization: 'Bearer own-token', 'x-api-key': 'own-key' })).status).toBe(200)
    expect(seen[0]).toMatchObject({ authorization: 'Bearer own-token', 'x-api-key': 'own-key' })
  })

  it('is refused from the moment that apply has resolved', async () => {
    const consumer = consumerOf(key, 'premium')
    const { ask, plane } = await start({ authRequired: true }, [consumer])
    expect((await ask({ 'x-api-key': key })).status).toBe(200)
    await plane.apply(changeOf([], { removals: [{ kind: 'consumer', id: consumer.id }] }))
    expect((await ask({ 'x-api-key': key })).status).toBe(401)
  })

  it('sent twice is refused', async () => {
    const { port } = await start({ authRequired: true }, [consumerOf(key, 'premium')])
    const client = connectRaw(port)
    client.send(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-API-Key: ${key}\r\nX-API-Key: x\r\n\r\n`)
    expect(await client.ended).toMatch(/^HTTP\/1\.1 401 /)
  })
})

describe('a token of the platform', async () => {
  const userId = ids.uuid()
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const stranger = await generateKeyPair('EdDSA')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }] }
  const token = (
    { use = 'access', sub = userId, issuer = 'holdfast', exp = 600, by = privateKey } = {},
    nowSeconds = Math.floor(Date.now() / 1000),
  ) =>
    new SignJWT({ use, sid: 'session' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
      .setIssuer(issuer)
      .setSubject(sub)
      .setExpirationTime(nowSeconds + exp)
      .sign(by)
  const member: Upsert = { kind: 'member', id: userId, entity: { id: userId } }

  it.each([
    ['of a member', {}, 200, null],
    ['of somebody else', { sub: ids.uuid() }, 401, 'TOKEN_INVALID'],
    ['that has expired', { exp: -10 }, 401, 'TOKEN_EXPIRED'],
    ['for another use', { use: 'cookie' }, 401, 'TOKEN_INVALID'],
    ['of another issuer', { issuer: 'other' }, 401, 'TOKEN_INVALID'],
    ['signed by a stranger', { by: stranger.privateKey }, 401, 'TOKEN_INVALID'],
  ])('%s', async (_title, claims, status, code) => {
    const { ask, plane, seen } = await start({ authRequired: true }, [member])
    await plane.apply(changeOf([], { jwks }))
    const authorization = `Bearer ${await token(claims)}`
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await ask({ authorization })).toMatchObject({ status, code })
    }
    expect(seen.map((headers) => headers['x-user-id'])).toEqual(status === 200 ? [userId, userId] : [])
    expect(JSON.stringify(seen)).not.toContain(authorization)
  })

  it('ends with the time it names, also when it was verified before', async () => {
    const clock = createTestClock()
    const { ask, plane } = await start({ authRequired: true }, [member], { clock })
    await plane.apply(changeOf([], { jwks }))
    const authorization = `Bearer ${await token({}, clock.nowMs() / 1000)}`
    expect((await ask({ authorization })).status).toBe(200)
    clock.advance(601_000)
    expect(await ask({ authorization })).toMatchObject({ status: 401, code: 'TOKEN_EXPIRED' })
  })

  it('ends when its holder leaves the organization, and when its key is withdrawn', async () => {
    const { ask, plane } = await start({ authRequired: true }, [member])
    await plane.apply(changeOf([], { jwks }))
    const authorization = `Bearer ${await token()}`
    expect((await ask({ authorization })).status).toBe(200)
    await plane.apply(changeOf([], { removals: [{ kind: 'member', id: userId }] }))
    expect((await ask({ authorization })).status).toBe(401)
    await plane.apply(changeOf([member]))
    expect((await ask({ authorization })).status).toBe(200)
    await plane.apply(changeOf([], { jwks: { keys: [] } }))
    expect((await ask({ authorization })).status).toBe(401)
  })
})

describe('limits', () => {
  it.each([1, 2])(
    'of 200 requests at once against a limit of 100, exactly 100 pass on %i threads',
    async (threads) => {
      const { url } = await start({ authRequired: true }, [consumerOf(key, 'authenticated')], { threads })
      const statuses = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const answer = await fetch(url, { headers: { 'x-api-key': key } })
          await answer.arrayBuffer()
          return answer.status
        }),
      )
      expect(statuses.filter((status) => status === 200)).toHaveLength(100)
      expect(statuses.filter((status) => status === 429)).toHaveLength(100)
    },
  )

  it('say what is left, when more comes, and come back in time', async () => {
    const clock = createTestClock()
    const { ask, seen } = await start({ rateLimitOverride: 2 }, [], { clock })
    const first = await ask()
    expect(first.headers.get('x-ratelimit-limit')).toBe('2')
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1')
    await ask()
    const refused = await ask()
    expect(refused).toMatchObject({ status: 429, code: 'RATE_LIMIT_EXCEEDED' })
    expect(seen).toHaveLength(2)
    const retryAfter = Number(refused.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThan(0)
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(retryAfter))
    clock.advance(retryAfter * 1_000)
    expect((await ask()).status).toBe(200)
  })

  it('a tier counts over all routes, a route of its own limit apart', async () => {
    const consumer = consumerOf(key, 'free')
    const { url, plane, service } = await start({ pathPattern: '/a' }, [consumer])
    await plane.apply(
      changeOf([
        routeOf(service.id, { pathPattern: '/b' }),
        routeOf(service.id, { pathPattern: '/c', rateLimitOverride: 3 }),
      ]),
    )
    const remaining = async (path: string) =>
      (await fetch(url + path, { headers: { 'x-api-key': key } })).headers.get('x-ratelimit-remaining')
    expect(await remaining('/a')).toBe('9')
    expect(await remaining('/b')).toBe('8')
    expect(await remaining('/c')).toBe('2')
    expect(await remaining('/a')).toBe('7')
  })

  it('callers without a credential are counted by address, and so are guesses', async () => {
    const { ask } = await start({ authRequired: true }, [settingsOf({ anonymousPerMinute: 3 })])
    const statuses = []
    for (const guess of ['a', 'b', 'c', 'd']) statuses.push((await ask({ 'x-api-key': guess })).status)
    expect(statuses).toEqual([401, 401, 401, 429])
  })

  it('there is none for the unlimited', async () => {
    const { ask } = await start({}, [consumerOf(key, 'unlimited')])
    expect((await ask({ 'x-api-key': key })).headers.get('x-ratelimit-limit')).toBeNull()
  })
})

describe('addresses', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address })
  it.each([
    [{ allow: ['10.0.0.0/8'], deny: [] }, '10.1.2.3', 200],
    [{ allow: ['10.0.0.0/8'], deny: [] }, '11.1.2.3', 403],
    [{ allow: [], deny: ['10.1.0.0/16'] }, '10.1.2.3', 403],
    [{ allow: [], deny: ['10.1.0.0/16'] }, '::ffff:10.1.2.3', 403],
    [{ allow: ['10.0.0.0/8'], deny: ['10.1.2.3'] }, '10.1.2.3', 403],
    [{ allow: ['2001:db8::/32'], deny: [] }, '2001:db8:1::7', 200],
    [{ allow: ['2001:db8::/32'], deny: [] }, '2001:db9::7', 403],
    [{ allow: ['10.0.0.0/8'], deny: [] }, '10.0.0.1, 11.0.0.1', 403],
  ])('%j of a caller from %s', async (addresses, address, status) => {
    const onRoute = await start({ addresses }, [], { trustedProxies: 1 })
    expect((await onRoute.ask(from(address))).status).toBe(status)
    const ofTenant = await start({}, [settingsOf({ addresses })], { trustedProxies: 1 })
    const answer = await ofTenant.ask(from(address))
    expect([answer.status, answer.code]).toEqual([status, status === 403 ? 'IP_RESTRICTED' : null])
  })

  it('a range that cannot be read changes nothing: the revision before stays in force', async () => {
    const { ask, plane, service } = await start({})
    const before = plane.status().revision
    const broken = routeOf(service.id, { addresses: { allow: [], deny: ['10.0.0.0/33'] } })
    await expect(plane.apply(changeOf([broken]))).rejects.toThrow('neither an address nor a range')
    expect(plane.status().revision).toBe(before)
    expect((await ask()).status).toBe(200)
  })
})

describe('bodies', () => {
  it.each([
    ['with a length', '10', '', 200],
    ['with a length that is too large', '11', '', 413],
    ['in chunks', null, '5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n', 200],
    ['in chunks that grow too large', null, '5\r\nhello\r\n6\r\nhello!\r\n0\r\n\r\n', 413],
  ])('%s', async (_title, length, chunks, status) => {
    const { port, seen } = await start({ bodySizeBytesMax: 10 })
    const client = connectRaw(port)
    const framing =
      length === null
        ? `Transfer-Encoding: chunked\r\n\r\n${chunks}`
        : `Content-Length: ${length}\r\n\r\n${'x'.repeat(Number(length))}`
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${framing}`)
    expect(await client.ended).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    // What is known to be too large beforehand is not even announced to the service.
    expect(seen.length).toBeLessThanOrEqual(length === '11' ? 0 : 1)
  })
})

describe('CORS', () => {
  const cors = {
    origins: ['https://app.example', '*.shop.example'],
    methods: ['GET', 'PUT'],
    headers: ['X-A'],
    exposed: ['X-Sum'],
    credentials: true,
    maxAgeSeconds: 60,
  }
  const preflight = (origin: string, method: string, headers = 'x-a') => ({
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': headers,
  })
  // Browsers' fetch forbids these headers; a bare client does not.
  async function send(port: number, method: string, headers: Record<string, string>): Promise<string> {
    const client = connectRaw(port)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    client.send(`${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines.join('')}\r\n`)
    return client.ended
  }

  it.each([
    [preflight('https://app.example', 'PUT'), true],
    [preflight('https://eu.shop.example', 'GET', ''), true],
    [preflight('https://shop.example.evil', 'GET'), false],
    [preflight('https://app.example', 'DELETE'), false],
    [preflight('https://app.example', 'PUT', 'x-b'), false],
  ])('a preflight of %j', async (headers, isAllowed) => {
    const { port, seen } = await start({ cors, authRequired: true })
    const answer = await send(port, 'OPTIONS', headers)
    expect(answer).toMatch(/^HTTP\/1\.1 204 /)
    expect(answer.includes('access-control-allow-origin')).toBe(isAllowed)
    expect(seen).toEqual([])
  })

  it('answers carry the policy of the route, not of the service; errors too', async () => {
    const { port } = await start({ cors })
    const answer = await send(port, 'GET', { origin: 'https://app.example' })
    expect(answer).toContain('access-control-allow-origin: https://app.example\r\n')
    expect(answer).toContain('access-control-expose-headers: X-Sum\r\n')
    expect(answer).not.toContain('forged')
    const strict = await start({ cors, authRequired: true })
    const refused = await send(strict.port, 'GET', { origin: 'https://app.example' })
    expect(refused).toMatch(/^HTTP\/1\.1 401 [^]*access-control-allow-origin: https:\/\/app\.example\r\n/)
  })
})
