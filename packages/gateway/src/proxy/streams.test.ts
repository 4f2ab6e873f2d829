import type { Socket } from 'node:net'
import { createTestClock, systemClock } from '@holdfast/kernel/clock'
import { createIds } from '@holdfast/kernel/id'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Upsert } from '../data-plane.ts'
import {
  changeOf,
  connectRaw,
  consumerOf,
  routeOf,
  serviceOf,
  startPlane,
  startRawService,
} from './fixtures.ts'

const ids = createIds(systemClock)
const key = 'gw_stream'
const eventStream = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const upgraded = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

/** A gateway before a service that holds every request until the test lets it answer. */
async function start(more: Upsert[] = [], options: Parameters<typeof startPlane>[1] = {}) {
  const requests: Socket[] = []
  const { url } = await startRawService((socket) => socket.once('data', () => requests.push(socket)))
  const service = serviceOf(url)
  const consumer = consumerOf(key, 'unlimited')
  const started = await startPlane(
    [service, routeOf(service.id, { authRequired: true }), consumer, ...more],
    options,
  )
  /** Sends a request and resolves when the service has it. */
  async function ask(credential: string, lines = '') {
    const client = connectRaw(started.port)
    const count = requests.length
    client.send(`GET /stream HTTP/1.1\r\nHost: a\r\n${credential}\r\n${lines}\r\n`)
    await expect.poll(() => requests.length).toBe(count + 1)
    const upstream = requests[count]
    if (upstream === undefined) throw new Error('The service has no request.')
    const gone = new Promise((resolve) => upstream.once('close', resolve))
    return { client, gone, answer: (text: string) => void upstream.write(text) }
  }
  const revoke = () =>
    started.plane.apply(changeOf([], { removals: [{ kind: 'consumer', id: consumer.id }] }))
  return { ...started, ask, revoke }
}

describe('an answer that goes on', () => {
  it('ends when the key that asked for it is revoked; the one of another key goes on', async () => {
    const other = consumerOf('gw_other', 'unlimited')
    const { ask, revoke, batches } = await start([other])
    const [mine, theirs] = [await ask(`X-API-Key: ${key}`), await ask('X-API-Key: gw_other')]
    for (const each of [mine, theirs]) {
      each.answer(eventStream + chunk('data: 1\n\n'))
      await each.client.until(/data: 1/)
    }
    await revoke()
    await mine.gone
    expect(await mine.client.ended).not.toContain('\r\n0\r\n')
    theirs.answer(chunk('data: 2\n\n'))
    await theirs.client.until(/data: 2/)
    await expect.poll(() => batches.flatMap(({ logs }) => logs)).toHaveLength(1)
    expect(batches[0]).toMatchObject({
      logs: [{ statusCode: 200, errorCode: 'TOKEN_EXPIRED' }],
      errors: [],
    })
  })

  it('is given to whoever asked before the key was revoked, but not for long', async () => {
    const { ask, revoke } = await start([], { bounds: { lateAnswerMs: 100 } })
    const [short, long] = [await ask(`X-API-Key: ${key}`), await ask(`X-API-Key: ${key}`)]
    await revoke()
    short.answer('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')
    expect(await short.client.until(/hello$/)).toMatch(/^HTTP\/1\.1 200 OK/)
    long.answer(eventStream)
    await long.client.until(/\r\n\r\n$/)
    await long.client.ended
  })

  it('does not become a WebSocket after the key was revoked', async () => {
    const { ask, revoke } = await start()
    const lines = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n'
    const { client, answer, gone } = await ask(`X-API-Key: ${key}`, lines)
    await revoke()
    answer(upgraded)
    await gone
    expect(await client.ended).toMatch(/^HTTP\/1\.1 401 /)
  })

  it('ends, and so does a WebSocket, when the gateway is suspended', async () => {
    const { ask, plane } = await start()
    const stream = await ask(`X-API-Key: ${key}`)
    stream.answer(eventStream + chunk('data: 1\n\n'))
    await stream.client.until(/data: 1/)
    const lines = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n'
    const socket = await ask(`X-API-Key: ${key}`, lines)
    socket.answer(`${upgraded}first`)
    await socket.client.until(/first$/)
    await plane.suspend(true)
    await Promise.all([stream.gone, socket.gone])
    expect(await stream.client.ended).toMatch(/data: 1\n\n\r\n$/)
    expect(await socket.client.ended).toMatch(/first$/)
  })

  it.each(['a WebSocket', 'a stream'])('%s ends with the token that opened it', async (what) => {
    const userId = ids.uuid()
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }] }
    const clock = createTestClock()
    const { ask, plane } = await start([{ kind: 'member', id: userId, entity: { id: userId } }], {
      clock,
      bounds: { lateAnswerMs: 0 },
    })
    await plane.apply(changeOf([], { jwks }))
    const token = await new SignJWT({ use: 'access', sid: 'session' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
      .setIssuer('holdfast')
      .setSubject(userId)
      .setExpirationTime(new Date(clock.nowMs() + 60_000))
      .sign(privateKey)
    clock.advance(60_000 - 300)
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n'
    const { client, gone, answer } = await ask(
      `Authorization: Bearer ${token}`,
      what === 'a stream' ? '' : upgrade,
    )
    answer(what === 'a stream' ? eventStream : upgraded)
    await client.until(/\r\n\r\n/)
    await gone
    expect(await client.ended).toMatch(/^HTTP\/1\.1 (101|200) [^]*\r\n\r\n$/)
  })
})

describe('a service that answers while it still reads', () => {
  it('is not given up while the upload moves', async () => {
    let received = 0
    const uploaded = 16
    const { url } = await startRawService((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        socket.on('data', (bytes: Buffer) => {
          received += bytes.length
          if (received === uploaded) socket.end('4\r\ndone\r\n0\r\n\r\n')
        })
      })
    })
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)], { bounds: { idleTimeoutMs: 600 } })
    const client = connectRaw(port)
    client.send(`PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${uploaded}\r\n\r\n`)
    await client.until(/200 OK/)
    const timer = setInterval(() => client.send('x'), 60)
    client.socket.once('close', () => clearInterval(timer))
    expect(await client.ended).toContain('done')
  })
})

describe('an upload', () => {
  it('waits for a service that does not read', async () => {
    const sizeBytes = 64 * 1024 * 1024
    const services: Socket[] = []
    const { url } = await startRawService((socket) => {
      services.push(socket)
      socket.pause()
    })
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id, { bodySizeBytesMax: sizeBytes })])
    const client = connectRaw(port)
    client.send(`PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${sizeBytes}\r\n\r\n`)
    const piece = Buffer.alloc(1024 * 1024)
    let left = sizeBytes
    const push = () => {
      while (left > 0) {
        left -= piece.length
        if (!client.socket.write(piece)) return
      }
    }
    client.socket.on('drain', push)
    push()
    // What lies between is bounded by the buffers of the sockets: after a while nothing moves any more.
    let before = -1
    const isStill = () => {
      const sent = client.socket.bytesWritten - client.socket.writableLength
      const isSame = sent === before
      before = sent
      return isSame
    }
    await expect.poll(isStill, { timeout: 5_000 }).toBe(true)
    expect(left).toBeGreaterThan(sizeBytes / 2)
    let received = 0
    const [upstream] = services
    upstream?.on('data', (bytes: Buffer) => {
      received += bytes.length
      if (received > sizeBytes) upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
    })
    upstream?.resume()
    await client.until(/200 OK[^]*hi$/)
    expect(left).toBe(0)
  })

  it('that its client does not go on with is given up, and that is not the fault of the service', async () => {
    const { url } = await startRawService((socket) => void socket.resume())
    const service = serviceOf(url, { circuitBreaker: { failures: 1, openMs: 60_000 } })
    const options = { bounds: { idleTimeoutMs: 100 } }
    const { port } = await startPlane([service, routeOf(service.id, { timeoutMs: 200 })], options)
    const client = connectRaw(port)
    client.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe')
    expect(await client.ended).toMatch(/^HTTP\/1\.1 408 [^]*REQUEST_TIMEOUT/)
    // The circuit is closed: the service is asked, and has its time.
    expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(504)
  })
})

describe('what a service says before its answer', () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
  async function send(interim: string, request: string) {
    const { url } = await startRawService((socket) =>
      socket.once('data', () => void socket.write(`${interim}${answer}`)),
    )
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(request)
    return client.until(/hi$/)
  }
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  const hints =
    'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload, </b.js>; rel=preload\r\nX-A: 1\r\nKeep-Alive: 1\r\n\r\n'

  it('hints reach the client before the answer, without what concerns the connection', async () => {
    const text = await send(hints, get)
    expect(text).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload, <\/b\.js>; rel=preload\r\nx-a: 1\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    )
  })

  it.each([
    ['hints that cannot be read', 'HTTP/1.1 103 Early Hints\r\nLink: a b\r\n\r\n', get],
    ['100 that nobody waits for', 'HTTP/1.1 100 Continue\r\n\r\n', get],
    ['hints for HTTP/1.0', hints, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n'],
  ])('%s stay here', async (_title, interim, request) => {
    expect(await send(interim, request)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })
})

describe('a client that waits for 100', () => {
  const head = 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n'

  it('gets it from the service, and only then sends its body', async () => {
    const told: string[] = []
    const services: Socket[] = []
    const { url } = await startRawService((socket) => {
      services.push(socket)
      socket.on('data', (bytes: Buffer) => {
        told.push(bytes.toString())
        if (told.join('').endsWith('hello')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
      })
    })
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(head)
    await expect.poll(() => told.join('')).toMatch(/\r\nexpect: 100-continue\r\n/)
    expect(client.received()).toBe('')
    services[0]?.write('HTTP/1.1 100 Continue\r\n\r\n')
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    client.send('hello')
    await client.until(/200 OK[^]*hi$/)
  })

  it('gets the refusal instead when the service refuses, and the connection ends', async () => {
    const { url } = await startRawService((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')),
    )
    const service = serviceOf(url)
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(head)
    const text = await client.ended
    expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[^]*Connection: close\r\n[^]*no$/i)
  })

  it('is told that the service did not answer when it says nothing', async () => {
    const { url } = await startRawService((socket) => void socket.resume())
    const service = serviceOf(url, { timeoutMs: 100 })
    const { port } = await startPlane([service, routeOf(service.id)])
    const client = connectRaw(port)
    client.send(head)
    expect(await client.ended).toMatch(/^HTTP\/1\.1 504 /)
  })
})
