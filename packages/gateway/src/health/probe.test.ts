import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { probe } from './probe.ts'

/** Ports that fetch refuses to ask; another program may have one of them. */
const blockedPorts = [10_080, 6_697, 6_566, 6_000, 5_061, 4_190, 4_045, 3_659]

async function listen(listener: RequestListener, ports: readonly number[] = [0]): Promise<number> {
  for (const port of ports) {
    const server: Server = createServer(listener).listen(port, '127.0.0.1')
    const listening = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]).catch(() => false)
    if (!listening) continue
    onTestFinished(() => {
      server.close()
      server.closeAllConnections()
    })
    return (server.address() as AddressInfo).port
  }
  throw new Error('All of the ports are taken.')
}

it.each([
  [204, true],
  [302, true],
  [404, false],
  [503, false],
])('an answer of %d is healthy: %s', async (status, ok) => {
  const port = await listen((_request, response) => response.writeHead(status).end())
  expect(await probe(`http://127.0.0.1:${port}/health`)).toMatchObject({ ok })
})

it('a service on a port that browsers may not ask is asked all the same', async () => {
  const port = await listen((_request, response) => response.end(), blockedPorts)
  expect(await probe(`http://127.0.0.1:${port}/health`)).toMatchObject({ ok: true, problem: null })
})

it('an answer without an end is known by its status', async () => {
  const port = await listen((_request, response) => void response.writeHead(200).write('more to come'))
  expect(await probe(`http://127.0.0.1:${port}/health`)).toMatchObject({ ok: true })
})

it('nobody there is a failure that says why', async () => {
  const port = await listen((request) => request.socket.destroy())
  expect(await probe(`http://127.0.0.1:${port}/health`)).toMatchObject({
    ok: false,
    problem: 'socket hang up',
  })
})
