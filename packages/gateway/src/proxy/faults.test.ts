import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createTestClock } from '@holdfast/kernel/clock'
import { describe, expect, it } from 'vitest'
import {
  changeOf,
  connectRaw,
  consumerOf,
  routeOf,
  serviceOf,
  startPlane,
  startRawService,
  startScriptedService,
  startService,
} from './fixtures.ts'

const codeOf = async (answer: Response) => ((await answer.json()) as { error: string }).error
/** Nobody listens on it: it was free a moment ago. */
async function deadUrl(): Promise<string> {
  const { url, server } = await startService(() => undefined)
  server.close()
  await once(server, 'close')
  return url
}

describe('a service that', () => {
  const ok = 'HTTP/1.1 200 OK\r\n'
  it.each([
    ['resets at once', (socket: Socket) => socket.resetAndDestroy(), 502, 'DOWNSTREAM_ERROR'],
    ['closes without a word', (socket: Socket) => socket.end(), 502, 'DOWNSTREAM_ERROR'],
    ['hangs', () => undefined, 504, 'DOWNSTREAM_TIMEOUT'],
    ['speaks something else', (socket: Socket) => socket.write('SSH-2.0-x\r\n\r\n'), 502, 'DOWNSTREAM_ERROR'],
    [
      'frames in two ways',
      (socket: Socket) => socket.write(`${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`),
      502,
      'DOWNSTREAM_ERROR',
    ],
    [
      'says two lengths',
      (socket: Socket) => socket.write(`${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi`),
      502,
      'DOWNSTREAM_ERROR',
    ],
    [
      'continues a header line',
      (socket: Socket) => socket.write(`${ok}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n`),
      502,
      'DOWNSTREAM_ERROR',
    ],
    [
      'hides a line in a header',
      (socket: Socket) => socket.write(`${ok}X-A: b\rX-B: c\r\nContent-Length: 0\r\n\r\n`),
      502,
      'DOWNSTREAM_ERROR',
    ],
    [
      'never ends its head',
      (socket: Socket) => socket.write(`${ok}X-A: ${'b'.repeat(70_000)}`),
      502,
      'DOWNSTREAM_ERROR',
    ],
    [
      'switches protocols unasked',
      (socket: Socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
      502,
      'DOWNSTREAM_ERROR',
    ],
  ])('%s', async (_title, misbehave, status, code) => {
    const { url: upstream } = await startRawService((socket) =>
      socket.once('data', () => void misbehave(socket)),
    )
    const service = serviceOf(upstream, { timeoutMs: 200 })
    const { url, batches, plane } = await startPlane([service, routeOf(service.id)])
    const answer = await fetch(`${url}/path?secret=1`)
    expect([answer.status, await codeOf(answer)]).toEqual([status, code])
    await expect.poll(() => batches.flatMap(({ logs }) => logs)).toHaveLength(1)
    expect(batches[0]?.logs[0]).toMatchObject({ path: '/path', statusCode: status, errorCode: code })
    expect(batches[0]?.errors[0]).toMatchObject({ errorCode: code, serviceId: service.id, path: '/path' })
    expect(plane.metrics()).toMatchObject({ requests: 1, errors: 1 })
  })

  it.each([
    ['is shorter than it said', 'Content-Length: 9\r\n\r\nshort'],
    ['has a chunk without a size', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n'],
    ['has a chunk longer than its size', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n'],
  ])('sends a body that %s: the client sees a broken answer', async (_title, rest) => {
    const { url: upstream } = await startRawService((socket) =>
      socket.once('data', () => {
        socket.write(`${ok}${rest}`)
        setImmediate(() => socket.end())
      }),
    )
    const service = serviceOf(upstream)
    const { url } = await startPlane([service, routeOf(service.id)])
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow(TypeError)
  })

  it('sends more than its answer: the rest is never taken for the next one', async () => {
    const { url: upstream } = await startScriptedService(
      `${ok}Content-Length: 2\r\n\r\nhi${ok}Content-Length: 4\r\n\r\nevil`,
    )
    const service = serviceOf(upstream)
    const { url } = await startPlane([service, routeOf(service.id)])
    for (let turn = 0; turn < 3; turn += 1) {
      const text = await fetch(url).then(
        (answer) => answer.text(),
        () => 'broken',
      )
      expect(text).not.toContain('evil')
    }
  })

  it('trickles its head has until its timeout, and not longer by every byte', async () => {
    const { url: upstream } = await startRawService((socket) =>
      socket.once('data', () => {
        const timer = setInterval(() => socket.write('H'), 20)
        socket.once('close', () => clearInterval(timer))
      }),
    )
    const service = serviceOf(upstream, { timeoutMs: 5_000 })
    const { url } = await startPlane([service, routeOf(service.id, { timeoutMs: 150 })])
    expect((await fetch(url)).status).toBe(504)
  })

  it('falls silent within its answer is given up after the idle time', async () => {
    const { url: upstream } = await startScriptedService(`${ok}Content-Length: 9\r\n\r\nhi`)
    const service = serviceOf(upstream)
    const { url } = await startPlane([service, routeOf(service.id)], { bounds: { idleTimeoutMs: 100 } })
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow(TypeError)
  })

  it('closes kept connections just as they are used costs no request that may be repeated', async () => {
    let connections = 0
    const { url: upstream } = await startRawService((socket) => {
      connections += 1
      let requests = 0
      socket.on('data', () => {
        requests += 1
        if (requests === 1) socket.write(`${ok}Content-Length: 2\r\n\r\nhi`)
        else socket.resetAndDestroy()
      })
    })
    const service = serviceOf(upstream)
    const { url } = await startPlane([service, routeOf(service.id)])
    for (let turn = 0; turn < 3; turn += 1) expect((await fetch(url)).status).toBe(200)
    expect(connections).toBe(3)
    expect((await fetch(url, { method: 'POST' })).status).toBe(502)
  })

  it('is not there any more is 404, and 503 while there is no configuration', async () => {
    const { url, plane } = await startPlane([])
    const early = await fetch(url)
    expect([early.status, await codeOf(early)]).toEqual([503, 'SERVICE_UNAVAILABLE'])
    await plane.apply(changeOf([routeOf('01a1fea9-d6de-766a-a1d5-698bc01e1811', { pathPattern: '/a' })]))
    const lost = await fetch(`${url}/a`)
    expect([lost.status, await codeOf(lost)]).toEqual([404, 'SERVICE_NOT_FOUND'])
    const nowhere = await fetch(`${url}/b`)
    expect([nowhere.status, await codeOf(nowhere)]).toEqual([404, 'ROUTE_NOT_FOUND'])
  })
})

describe('targets', () => {
  it('share the requests by weight, evenly in time', async () => {
    const answers = ['a', 'b']
    const targets = await Promise.all(
      answers.map(async (name, index) => ({
        url: (await startService((_request, response) => response.end(name))).url,
        weight: index === 0 ? 3 : 1,
      })),
    )
    const service = serviceOf('', { targets })
    const { url } = await startPlane([service, routeOf(service.id)])
    let order = ''
    for (let count = 0; count < 8; count += 1) order += await (await fetch(url)).text()
    expect(order).toBe('aabaaaba')
  })

  it('one that is unhealthy gets nothing while another is left, and is tried when none is', async () => {
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => startService((_request, response) => response.end(name))),
    )
    const service = serviceOf('', {
      targets: [
        { url: one?.url ?? '', weight: 1 },
        { url: two?.url ?? '', weight: 1 },
      ],
    })
    const { url, plane } = await startPlane([service, routeOf(service.id)])
    const ask = async () => (await fetch(url)).text()
    plane.setHealth(service.id, one?.url ?? '', 'unhealthy')
    expect([await ask(), await ask(), await ask()]).toEqual(['two', 'two', 'two'])
    plane.setHealth(service.id, two?.url ?? '', 'unhealthy')
    expect([await ask(), await ask()].sort()).toEqual(['one', 'two'])
    plane.setHealth(service.id, one?.url ?? '', 'healthy')
    expect([await ask(), await ask()]).toEqual(['one', 'one'])
  })

  it('another is tried when one cannot be reached', async () => {
    const { url: good } = await startService((_request, response) => response.end('hi'))
    const service = serviceOf('', {
      targets: [
        { url: await deadUrl(), weight: 1 },
        { url: good, weight: 1 },
      ],
    })
    const { url } = await startPlane([service, routeOf(service.id, { retries: 1 })])
    for (let count = 0; count < 20; count += 1) expect((await fetch(url)).status).toBe(200)
  })
})

describe('a target that fails', () => {
  it('is left alone while another answers, and is tried again after a while', async () => {
    let failures = 0
    const { url: bad } = await startRawService((socket) =>
      socket.on('data', () => {
        failures += 1
        socket.resetAndDestroy()
      }),
    )
    const { url: good } = await startService((_request, response) => response.end('hi'))
    const targets = [bad, good].map((url) => ({ url, weight: 1 }))
    const clock = createTestClock()
    const service = serviceOf('', { targets })
    const { port } = await startPlane([service, routeOf(service.id)], { clock })
    const ask = async () => {
      const client = connectRaw(port)
      client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      return Number((await client.ended).slice(9, 12))
    }
    const askOften = async () => {
      const statuses = []
      for (let count = 0; count < 20; count += 1) statuses.push(await ask())
      return statuses.filter((status) => status === 502).length
    }
    expect(await askOften()).toBe(5)
    expect(await askOften()).toBe(0)
    expect(failures).toBe(5)
    clock.advance(5_100)
    expect(await askOften()).toBe(1)
  })

  it('opens its circuit for all threads together', async () => {
    let requests = 0
    const { url: upstream } = await startService((_request, response) => {
      requests += 1
      response.writeHead(503).end()
    })
    const service = serviceOf(upstream, { circuitBreaker: { failures: 3, openMs: 60_000 } })
    const { port } = await startPlane([service, routeOf(service.id)], { threads: 2 })
    for (let count = 0; count < 16; count += 1) {
      const client = connectRaw(port)
      client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      await client.ended
    }
    expect(requests).toBe(3)
  })
})

describe('the circuit', () => {
  it('opens after failures in a row, lets one try after the pause, and closes when that succeeds', async () => {
    let isWell = false
    let requests = 0
    const { url: upstream } = await startService((_request, response) => {
      requests += 1
      response.writeHead(isWell ? 200 : 503).end()
    })
    const clock = createTestClock()
    const service = serviceOf(upstream, { circuitBreaker: { failures: 3, openMs: 10_000 } })
    const { url } = await startPlane([service, routeOf(service.id)], { clock })
    const ask = async () => {
      const answer = await fetch(url)
      await answer.arrayBuffer()
      return answer.status
    }
    for (let count = 0; count < 3; count += 1) expect(await ask()).toBe(503)
    expect(requests).toBe(3)
    expect(await ask()).toBe(503)
    expect(requests).toBe(3)
    clock.advance(10_100)
    await ask()
    expect(requests).toBe(4)
    await ask()
    expect(requests).toBe(4)
    clock.advance(10_100)
    isWell = true
    expect([await ask(), await ask()]).toEqual([200, 200])
    expect(requests).toBe(6)
  })
})

describe('WebSockets', () => {
  const upgrade = (more = '') =>
    `GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n${more}\r\n`
  const agreed = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
  const startEcho = () =>
    startRawService((socket) => {
      socket.once('data', (head: Buffer) => {
        expect(head.toString()).toMatch(/upgrade: websocket\r\n/)
        socket.write(`${agreed}first`)
        socket.on('data', (chunk: Buffer) => void socket.write(`echo ${chunk.toString()}`))
      })
    })

  it('pass in both directions, and end on both sides', async () => {
    const service = serviceOf((await startEcho()).url)
    const { port, batches, plane } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(upgrade())
    await client.until(/^HTTP\/1\.1 101 [^]*\r\n\r\nfirst$/)
    client.send('hello')
    await client.until(/echo hello$/)
    client.socket.end()
    await client.ended
    await expect.poll(() => batches.flatMap(({ logs }) => logs)[0]?.statusCode).toBe(101)
    await expect.poll(() => plane.status()).toMatchObject({ connections: 0, requestsInFlight: 0 })
  })

  it('are held to the same policies', async () => {
    const service = serviceOf((await startEcho()).url)
    const { port } = await startPlane([service, routeOf(service.id, { authRequired: true })])
    const client = connectRaw(port)
    client.send(upgrade())
    expect(await client.ended).toMatch(/^HTTP\/1\.1 401 [^]*TOKEN_INVALID/)
  })

  it('end when the key that opened them is revoked', async () => {
    const service = serviceOf((await startEcho()).url)
    const consumer = consumerOf('gw_ws', 'premium')
    const { port, plane } = await startPlane([service, routeOf(service.id), consumer])
    const client = connectRaw(port)
    client.send(upgrade('X-API-Key: gw_ws\r\n'))
    await client.until(/first$/)
    await plane.apply(changeOf([], { removals: [{ kind: 'consumer', id: consumer.id }] }))
    await client.ended
    expect(client.received()).not.toContain('echo')
  })

  it('end when nothing moves for the idle time', async () => {
    const service = serviceOf((await startEcho()).url)
    const { port } = await startPlane([service, routeOf(service.id)], { bounds: { idleTimeoutMs: 100 } })
    const client = connectRaw(port)
    client.send(upgrade())
    expect(await client.ended).toMatch(/first$/)
  })

  it('a service that refuses is heard', async () => {
    const service = serviceOf(
      (await startScriptedService('HTTP/1.1 426 Upgrade\r\nContent-Length: 2\r\n\r\nno')).url,
    )
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(upgrade())
    expect(await client.ended).toMatch(/^HTTP\/1\.1 426 Upgrade\r\n[^]*no$/)
  })

  it('another protocol is not offered: the request is served as it is', async () => {
    const { url } = await startService((_request, response) => response.end('hello'))
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n\r\n',
    )
    expect(await client.ended).toMatch(/^HTTP\/1\.1 200 [^]*hello$/)
  })
})
