import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  connectRaw,
  routeOf,
  serviceOf,
  settingsOf,
  startPlane,
  startRawService,
  startScriptedService,
  startService,
} from './fixtures.ts'

/** The gateway before a service that shows what it got. */
async function startEcho(route: Parameters<typeof routeOf>[1] = {}, options = {}) {
  const { url } = await startService((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          method: request.method,
          url: request.url,
          headers: request.headers,
          raw: request.rawHeaders,
          trailers: request.trailers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
  })
  const service = serviceOf(url)
  return startPlane([service, routeOf(service.id, route), settingsOf()], options)
}
interface Echo {
  method: string
  url: string
  headers: Record<string, string | undefined>
  raw: string[]
  trailers: Record<string, string>
  body: string
}
const ask = async (url: string, init?: RequestInit) => (await (await fetch(url, init)).json()) as Echo

describe('what reaches the service', () => {
  it.each([
    [{}, '/a/b?c=%2F&d', '/a/b?c=%2F&d'],
    [{}, '/caf%C3%A9/%7Euser', '/caf%C3%A9/%7Euser'],
    [{ pathPattern: '/api', stripPrefix: true }, '/api/users?x', '/users?x'],
    [{ pathPattern: '/api', stripPrefix: true }, '/api', '/'],
    [{ pathPattern: '/t/:tenant/*', stripPrefix: true }, '/t/7/a/b', '/a/b'],
  ])('a route %j sends %s as %s', async (route, path, expected) => {
    const { url } = await startEcho(route)
    expect((await ask(url + path)).url).toBe(expected)
  })

  it('headers pass in their spelling; those of one connection, and those that it names, stay', async () => {
    const { port } = await startEcho()
    const client = connectRaw(port)
    client.send(
      'GET / HTTP/1.1\r\nHost: a.example:81\r\nX-CaSe: 1\r\nCookie: a=1\r\nConnection: close, X-Secret\r\n' +
        'X-Secret: 2\r\nKeep-Alive: 5\r\nProxy-Authorization: x\r\nX-Consumer-Id: forged\r\nX_Forwarded_For: forged\r\n\r\n',
    )
    const echo = JSON.parse((await client.ended).split('\r\n\r\n')[1] ?? '') as Echo
    expect(echo.raw).toContain('X-CaSe')
    expect(echo.headers).toMatchObject({
      cookie: 'a=1',
      'x-forwarded-host': 'a.example:81',
      via: '1.1 holdfast',
    })
    expect(echo.headers.host).toMatch(/^127\.0\.0\.1:\d+$/)
    for (const name of [
      'x-secret',
      'keep-alive',
      'proxy-authorization',
      'x-consumer-id',
      'x_forwarded_for',
    ]) {
      expect(echo.headers[name]).toBeUndefined()
    }
  })

  it('forwarded headers of strangers are replaced, those of our proxies continued', async () => {
    const headers = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'b' }
    const direct = await ask((await startEcho()).url, { headers })
    expect(direct.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' })
    const proxied = await ask((await startEcho({}, { trustedProxies: 1 })).url, { headers })
    expect(proxied.headers).toMatchObject({
      'x-forwarded-for': '1.2.3.4, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'b',
    })
  })

  it('request id and trace are made, or kept when they are proper', async () => {
    const { url } = await startEcho()
    const made = await fetch(url)
    const { headers } = (await made.json()) as Echo
    expect(headers['x-request-id']).toBe(made.headers.get('x-request-id'))
    expect(headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'
    const kept = await fetch(url, { headers: { 'x-request-id': 'my:id-1', traceparent } })
    expect(kept.headers.get('x-request-id')).toBe('my:id-1')
    expect(((await kept.json()) as Echo).headers).toMatchObject({ 'x-request-id': 'my:id-1', traceparent })
    const replaced = await ask(url, { headers: { 'x-request-id': 'a b', traceparent: `${traceparent}x` } })
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(replaced.headers.traceparent).not.toContain('4bf92f')
  })

  it('header edits set, add and remove in both directions', async () => {
    const { url } = await startEcho({
      requestHeaders: { set: { 'X-Env': 'test', Host: 'inner.example' }, remove: ['User-Agent', 'X-A'] },
      responseHeaders: { set: { 'X-Frame-Options': 'DENY' }, remove: ['Content-Type'] },
    })
    const answer = await fetch(url, { headers: { 'x-a': '1', 'x-env': 'mine' } })
    const { headers } = JSON.parse(await answer.text()) as Echo
    expect(headers).toMatchObject({ 'x-env': 'test', host: 'inner.example' })
    expect(headers['x-a']).toBeUndefined()
    expect(headers['user-agent']).toBeUndefined()
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
    expect(answer.headers.get('content-type')).toBeNull()
  })

  it('bodies pass with their length, or in chunks with their trailers', async () => {
    const { url, port } = await startEcho()
    const sent = await ask(url, { method: 'POST', body: 'x'.repeat(100_000) })
    expect(sent.body).toHaveLength(100_000)
    expect(sent.headers['content-length']).toBe('100000')
    const client = connectRaw(port)
    client.send(
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Sum: 7\r\nX-Api-Key: forged\r\n\r\n',
    )
    const text = await client.ended
    expect(text).toContain('"body":"abcdefg"')
    expect(text).toContain('"trailers":{"x-sum":"7"}')
  })

  it('Expect: 100-continue is answered before the body is asked for, and never for a body that is refused', async () => {
    const { port } = await startEcho({ bodySizeBytesMax: 10 })
    const client = connectRaw(port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n')
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    client.send('abc')
    await client.until(/"body":"abc"/)
    const large = connectRaw(port)
    large.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n')
    expect(await large.ended).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('what reaches the client', () => {
  const cases: [title: string, answer: string, method: string, expected: RegExp][] = [
    [
      '200',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
      'GET',
      /200 OK\r\n[^]*Content-Length: 2\r\n[^]*\r\n\r\nhi$/,
    ],
    [
      'its own words for a status',
      'HTTP/1.1 299 Sure\r\nContent-Length: 0\r\n\r\n',
      'GET',
      /^HTTP\/1\.1 299 Sure\r\n/,
    ],
    [
      'HEAD with a length and no body',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n',
      'HEAD',
      /Content-Length: 9\r\n[^]*\r\n\r\n$/,
    ],
    [
      '204',
      'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n',
      'GET',
      /^HTTP\/1\.1 204 No Content\r\n[^]*X-A: 1[^]*\r\n\r\n$/,
    ],
    [
      '304 with the length of what was not sent',
      'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 7\r\n\r\n',
      'GET',
      /304 [^]*ETag: "a"[^]*\r\n\r\n$/,
    ],
    [
      'chunks with trailers',
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 9\r\n\r\n',
      'GET',
      /\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 9\r\n\r\n$/,
    ],
    [
      'two headers of one name',
      'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n',
      'GET',
      /Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n/,
    ],
    [
      "nothing of the service's connection",
      'HTTP/1.1 200 OK\r\nConnection: X-Own\r\nX-Own: 1\r\nKeep-Alive: timeout=9\r\nContent-Length: 0\r\n\r\n',
      'GET',
      /^(?![^]*(X-Own|timeout=9))HTTP\/1\.1 200/,
    ],
  ]
  it.each(cases)('%s', async (_title, answer, method, expected) => {
    const service = serviceOf((await startScriptedService(answer)).url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(`${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    expect(await client.ended).toMatch(expected)
  })

  it('compressed bytes stay as they are', async () => {
    const bytes = gzipSync('hello '.repeat(10_000))
    const { url } = await startService((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes),
    )
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const request = httpRequest({ port, host: '127.0.0.1' }).end()
    const [response] = await once(request, 'response')
    expect(Buffer.concat(await response.toArray())).toEqual(bytes)
    expect(response.headers['content-encoding']).toBe('gzip')
  })

  it('events come when they are sent, not when the answer ends', async () => {
    let send = (_text: string): void => undefined
    const { url } = await startService((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      send = (text) => void response.write(text)
    })
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/text\/event-stream[^]*\r\n\r\n/)
    send('data: 1\n\n')
    await client.until(/data: 1/)
    send('data: 2\n\n')
    expect(await client.until(/data: 2/)).not.toContain('0\r\n\r\n')
  })

  it('a large answer waits for a client that does not read', async () => {
    const sizeBytes = 64 * 1024 * 1024
    let written = 0
    const { url } = await startRawService((socket) =>
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${sizeBytes}\r\n\r\n`)
        const chunk = Buffer.alloc(1024 * 1024)
        const push = () => {
          while (written < sizeBytes) {
            written += chunk.length
            if (!socket.write(chunk)) return
          }
        }
        socket.on('drain', push)
        push()
      }),
    )
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const request = httpRequest({ port, host: '127.0.0.1' }).end()
    const [response] = await once(request, 'response')
    // Not read yet: what lies between is bounded by the sockets' buffers.
    expect(written).toBeLessThan(sizeBytes / 2)
    let received = 0
    for await (const chunk of response) received += (chunk as Buffer).length
    expect(received).toBe(sizeBytes)
  })
})

describe('ends', () => {
  it('a client that goes away ends the request to the service', async () => {
    const { url, server } = await startService(() => undefined)
    const service = serviceOf(url)
    const { port, plane } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    const asked = once(server, 'request')
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const [request] = await asked
    const gone = once(request.socket, 'close')
    client.socket.destroy()
    await gone
    await expect.poll(() => plane.status().requestsInFlight).toBe(0)
  })

  it('a service that breaks off in the middle gives a broken answer, never a shorter one', async () => {
    const { url } = await startRawService((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
        setImmediate(() => socket.end())
      }),
    )
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.ended).not.toMatch(/\r\n0\r\n\r\n$/)
  })

  it('draining lets answers end, takes nothing new and says so', async () => {
    let finish = (): void => undefined
    const { url, server } = await startService((_request, response) => {
      finish = () => void response.end('done')
    })
    const service = serviceOf(url)
    const { port, plane } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    const asked = once(server, 'request')
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await asked
    const drained = plane.drain()
    finish()
    expect(await client.ended).toMatch(/Connection: close\r\n[^]*done/)
    await drained
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow(TypeError)
  })
})
