import { createTestClock } from '@holdfast/kernel/clock'
import { createIds } from '@holdfast/kernel/id'
import { silentLogger } from '@holdfast/kernel/logger'
import { startTestServer } from '@holdfast/testkit/harness'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { createHttpServer } from './bind.ts'
import { createClientErrorHandler } from './client-errors.ts'
import { createLimits } from './limits.ts'

/** Sends the bytes as they are, and answers all that comes back until the server closes the connection. */
async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(bytes)
  return text(socket)
}

function readAnswer(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [statusLine = '', ...headers] = head.split('\r\n')
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: JSON.parse(body) as Record<string, unknown>,
  }
}

async function portOfServer(): Promise<number> {
  const server = await startTestServer()
  onTestFinished(() => server.stop())
  return Number(new URL(server.url).port)
}

/** A bare server with the handler, and with time limits that a test can wait for. */
async function portOfBareServer(listener: RequestListener): Promise<number> {
  const limits = { headersTimeout: 20, requestTimeout: 40, connectionsCheckingInterval: 10 }
  const server = createServer(limits, listener)
  server.on('clientError', createClientErrorHandler({ ids: createIds(createTestClock()) }))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}

it('what is no HTTP is answered 400 in the form of every problem', async () => {
  const { status, headers, body } = readAnswer(await sendRaw(await portOfServer(), 'HELLO\r\n\r\n'))
  expect(status).toBe(400)
  expect(headers).toContain('content-type: application/json; charset=utf-8')
  expect(headers).toContain('connection: close')
  expect(body).toEqual({
    success: false,
    error: expect.stringContaining('HTTP/1.1'),
    code: 'request.malformed',
    requestId: expect.any(String),
  })
})

it('headers past the limit are answered 431', async () => {
  const head = `GET /health HTTP/1.1\r\nhost: here\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`
  const { status, body } = readAnswer(await sendRaw(await portOfServer(), head))
  expect([status, body.code]).toEqual([431, 'request.headers_too_large'])
})

it('a request that does not arrive in time is answered 408, and the connection is closed', async () => {
  const port = await portOfBareServer((_request, response) => response.end())
  const { status, body } = readAnswer(await sendRaw(port, 'GET / HTTP/1.1\r\nhost: here\r\n'))
  expect([status, body.code]).toEqual([408, 'request.timed_out'])
})

it('an answer that is under way is cut off, never followed by the refusal of something else', async () => {
  const port = await portOfBareServer((_request, response) => {
    response.writeHead(200, { 'content-length': 1_000 })
    response.write('the beginning')
  })
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n')
  const [first] = (await once(socket, 'data')) as [Buffer]
  expect(first.toString()).toMatch(/^HTTP\/1.1 200/)
  socket.write('HELLO\r\n\r\n')
  let rest = ''
  socket.on('data', (chunk: Buffer) => (rest += chunk.toString()))
  socket.on('error', () => socket.destroy())
  await once(socket, 'close')
  expect(rest).not.toContain('400')
})

it('the server looks often enough to cut a slow request when its time is over', async () => {
  const clock = createTestClock()
  const generous = { requestsMax: 100, windowMs: 60_000 }
  const http = createHttpServer({
    routes: [],
    logger: silentLogger,
    ids: createIds(clock),
    limits: createLimits(clock, () => ({ principal: generous, address: generous, signIn: generous })),
    csrf: { issue: () => '', matches: () => false },
    authenticate: () => Promise.resolve(null),
    roleIn: () => Promise.resolve(null),
    trustedProxies: 0,
    arrival: { headersTimeout: 20, requestTimeout: 40 },
  })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => http.close())
  const { status } = readAnswer(await sendRaw(port, 'GET / HTTP/1.1\r\nhost: here\r\n'))
  expect(status).toBe(408)
})
