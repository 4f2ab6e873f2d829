import type { IncomingHttpHeaders } from 'node:http'
import { beforeEach, describe, expect, it } from 'vitest'
import { connectRaw, routeOf, serviceOf, startPlane, startService } from './fixtures.ts'

/** What a service is told about the client and its request, beyond what the client said. */
describe('a service is told', () => {
  let seen: IncomingHttpHeaders[]
  beforeEach(() => {
    seen = []
  })

  async function start(route: Parameters<typeof routeOf>[1] = {}, options: { trustedProxies?: number } = {}) {
    const { url } = await startService((request, response) => {
      seen.push(request.headers)
      response.end('hello')
    })
    const service = serviceOf(url)
    return startPlane([service, routeOf(service.id, route)], options)
  }

  const claims = {
    forwarded: 'for=1.2.3.4;proto=https',
    'x-real-ip': '1.2.3.4',
    'x-client-ip': '1.2.3.4',
    'cf-connecting-ip': '1.2.3.4',
    'x-forwarded-port': '443',
    'x-original-url': '/admin',
    'x-rewrite-url': '/admin',
    'x-real_ip': '1.2.3.4',
  }

  it.each([
    ['as it is', {}],
    ['with edits', { requestHeaders: { set: {}, remove: ['X-A'] } }],
  ])('nothing that a stranger claims about the client; a request %s', async (_title, route) => {
    const { url } = await start(route)
    await fetch(url, { headers: { ...claims, 'x-a': '1' } })
    for (const name of Object.keys(claims)) expect(seen[0]).not.toHaveProperty(name)
    const { 'x-real_ip': _, ...known } = claims
    const behindProxy = await start(route, { trustedProxies: 1 })
    await fetch(behindProxy.url, { headers: known })
    expect(seen[1]).toMatchObject(known)
  })

  it('what a route sets itself, although a client may not claim it', async () => {
    const { url } = await start({ requestHeaders: { set: { 'X-Real-IP': '10.0.0.1' }, remove: [] } })
    await fetch(url, { headers: claims })
    expect(seen[0]).toMatchObject({ 'x-real-ip': '10.0.0.1' })
  })

  it('the host that the target names, which counts before the header', async () => {
    const { port } = await start({ host: 'b.example' })
    const client = connectRaw(port)
    client.send('GET http://b.example:81/x HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n')
    expect(await client.ended).toMatch(/^HTTP\/1\.1 200 /)
    expect(seen[0]).toMatchObject({ 'x-forwarded-host': 'b.example:81' })
  })

  it('requests for the one host that a route names, and for no other', async () => {
    const { port } = await start({ host: 'api.example.com' })
    const ask = (host: string) => {
      const client = connectRaw(port)
      client.send(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      return client.ended
    }
    expect(await ask('API.example.com:8080')).toMatch(/^HTTP\/1\.1 200 /)
    expect(await ask('www.example.com')).toMatch(/^HTTP\/1\.1 404 [^]*ROUTE_NOT_FOUND/)
    expect(seen).toHaveLength(1)
  })

  const ids = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7'
  /** What the service got of a trace that the client sent in these lines, with its state in two more. */
  async function traceOf(lines: string) {
    const { port } = await start()
    const client = connectRaw(port)
    const state = 'Tracestate: a=1\r\nTracestate: b=2\r\n'
    client.send(`GET / HTTP/1.1\r\nHost: a\r\n${lines}${state}Connection: close\r\n\r\n`)
    await client.ended
    return { traceparent: seen[0]?.traceparent, tracestate: seen[0]?.tracestate }
  }

  it.each([
    ['proper', `00-${ids}-01`, `00-${ids}-01`],
    ['of a version to come', `01-${ids}-03-more`, `00-${ids}-01`],
    ['of a version to come, not sampled', `cc-${ids}-02`, `00-${ids}-00`],
  ])('the trace of a client that is %s, with its state', async (_title, sent, traceparent) => {
    expect(await traceOf(`Traceparent: ${sent}\r\n`)).toEqual({ traceparent, tracestate: 'a=1, b=2' })
  })

  it.each([
    ['longer than its version', `Traceparent: 00-${ids}-01-more\r\n`],
    ['of no version', `Traceparent: ff-${ids}-01\r\n`],
    ['malformed', 'Traceparent: 00-1-2-3\r\n'],
    ['twice', `Traceparent: 00-${ids}-01\r\nTraceparent: 00-${ids}-01\r\n`],
    ['missing', ''],
  ])(
    'a trace of its own where the one of the client is %s, and nothing of its state',
    async (_title, lines) => {
      const { traceparent, tracestate } = await traceOf(lines)
      expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      expect(traceparent).not.toContain(ids)
      expect(tracestate).toBeUndefined()
    },
  )
})
