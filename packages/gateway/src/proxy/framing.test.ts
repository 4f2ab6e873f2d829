import { describe, expect, it } from 'vitest'
import { connectRaw, routeOf, serviceOf, startPlane, startService } from './fixtures.ts'

/** What a client sends must mean one thing (RFC 9112 §6); nothing else reaches a service. */
async function start() {
  const seen: string[] = []
  const { url } = await startService((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    request.resume().on('end', () => response.end('hello'))
  })
  const service = serviceOf(url)
  const { port } = await startPlane([service, routeOf(service.id)])
  return { port, seen }
}

describe('framing', () => {
  const body = '\r\n\r\n0\r\n\r\n'
  it.each([
    [
      'two framings',
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked${body}`,
      400,
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc', 400],
    ['a list of lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc', 400],
    ['a signed length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc', 400],
    ['a continued header line', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n', 400],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: a\n\n', 400],
    ['an unknown encoding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n', 400],
    [
      'chunked that is not last',
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity${body}`,
      400,
    ],
    ['chunked in HTTP/1.0', `POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked${body}`, 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
    ['a null byte', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n', 400],
    ['another version', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 400],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a path outside', 'GET /a/../b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['an encoded slash', 'GET /a%2fb HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['the server as a whole', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    [
      'too many headers',
      `GET / HTTP/1.1\r\nHost: a\r\n${'X-A: b\r\n'.repeat(100)}Connection: close\r\n\r\n`,
      431,
    ],
    ['too large headers', `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'b'.repeat(40_000)}\r\n\r\n`, 431],
    ['another expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n', 417],
  ])('%s is refused, the connection ends and no service hears of it', async (_title, bytes, status) => {
    const { port, seen } = await start()
    const client = connectRaw(port)
    client.send(bytes)
    const answer = await client.ended
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain('"error":')
    expect(answer).not.toContain('hello')
    expect(seen).toEqual([])
  })

  it.each([
    ['no size', 'zz\r\n'],
    ['a bare line feed after the size', '1\na\r\n'],
    ['more than its size', '1\r\nabc\r\n'],
  ])('a chunk with %s ends the request, and the service never sees it complete', async (_title, chunk) => {
    let completed = 0
    const { url } = await startService((request, response) => {
      request.resume().on('end', () => {
        completed += 1
        response.end('hello')
      })
      request.on('error', () => response.destroy())
    })
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`)
    expect(await client.ended).not.toContain('hello')
    expect(completed).toBe(0)
  })

  it('a request whose head does not arrive in time is answered with 408', async () => {
    const { plane, port } = await startPlane([], { bounds: { headersTimeoutMs: 100, requestTimeoutMs: 200 } })
    const client = connectRaw(port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n')
    expect(await client.ended).toMatch(/^HTTP\/1\.1 408 /)
    expect(plane.status().requestsInFlight).toBe(0)
  })

  it('requests that follow each other without waiting are answered in order', async () => {
    const { port, seen } = await start()
    const client = connectRaw(port)
    client.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect((await client.ended).match(/HTTP\/1\.1 200/g)).toHaveLength(2)
    expect(seen.toSorted()).toEqual(['GET /1', 'GET /2'])
  })

  it('a target with a host counts for its host', async () => {
    const { port, seen } = await start()
    const client = connectRaw(port)
    client.send('GET http://other.example/x?y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await client.ended).toContain('hello')
    expect(seen).toEqual(['GET /x?y'])
  })
})
