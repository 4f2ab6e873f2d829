import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { GatewayMessage, type ServerMessage } from '@holdfast/contracts/gateway/link'
import { systemClock } from '@holdfast/kernel/clock'
import { silentLogger } from '@holdfast/kernel/logger'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { reconnectDelayMs } from './backoff.ts'
import { createLink } from './link.ts'

const id = '0190e0c4-7a2b-7cc3-98c5-000000000001'
const welcome = { type: 'auth_ok', payload: { tenantId: id, gatewayId: id, configVersion: 3 } } as const

/** A control plane that says what the test tells it to. */
async function createHarness(greet: (socket: WebSocket, attempt: number) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/base/gateway-ws' })
  await once(server, 'listening')
  const received: GatewayMessage[] = []
  const sockets: WebSocket[] = []
  server.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('message', (data: Buffer) => {
      const message = GatewayMessage.parse(JSON.parse(data.toString()))
      received.push(message)
      if (message.type === 'auth') greet(socket, sockets.length)
    })
  })
  const happened: string[] = []
  const delivered: unknown[] = []
  const link = createLink({
    serverUrl: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`),
    introduction: () => ({ apiKey: 'hfg_test', protocol: 2, revision: sockets.length }),
    handlers: {
      opened: ({ configVersion }) => void happened.push(`opened ${configVersion}`),
      closed: () => void happened.push('closed'),
      message(message) {
        delivered.push(message)
        return undefined
      },
      unreadable: (reason) => void happened.push(reason),
      ended: (code) => void happened.push(`ended ${code}`),
    },
    // Waits pass a hundred times as fast.
    clock: { ...systemClock, after: (delayMs, work) => systemClock.after(delayMs / 100, work) },
    logger: silentLogger,
    random: () => 0,
  })
  onTestFinished(async () => {
    await link.stop()
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const send = (socket: WebSocket | undefined, message: ServerMessage) =>
    socket?.send(JSON.stringify(message))
  return { link, received, sockets, happened, delivered, send }
}

describe('link', () => {
  it('says who it is and what it holds at every attempt, and comes back after a break', async () => {
    const { link, received, sockets, happened } = await createHarness((socket, attempt) => {
      if (attempt === 1) socket.terminate()
      else socket.send(JSON.stringify(welcome))
    })
    expect(link.send({ type: 'ping' })).toBe(false)
    link.start()
    await until(() => happened.includes('opened 3'))
    sockets[1]?.terminate()
    await until(() => happened.length === 3)
    expect(happened).toEqual(['opened 3', 'closed', 'opened 3'])
    expect(received.map((message) => (message.type === 'auth' ? message.payload.revision : null))).toEqual([
      1, 2, 3,
    ])
    expect(link.status()).toMatchObject({ phase: 'connected', problem: null })
  })

  it.each([4001, 4003, 4004])('does not dial again after %i', async (code) => {
    const { link, sockets, happened } = await createHarness((socket) => socket.close(code))
    link.start()
    await until(() => happened.length > 0)
    expect(happened).toEqual([`ended ${code}`])
    expect(link.status().phase).toBe('ended')
    expect(sockets.length).toBe(1)
  })

  it.each([1001, 1013, 4002, 4005])('dials again after %i', async (code) => {
    const { link, sockets } = await createHarness((socket, attempt) => {
      if (attempt < 3) socket.close(code)
    })
    link.start()
    await until(() => sockets.length >= 3)
    expect(link.status().phase).not.toBe('ended')
  })

  it('answers pings, hands over what it does not know itself, and reports what it cannot read', async () => {
    const { link, received, sockets, happened, delivered, send } = await createHarness((socket) =>
      socket.send(JSON.stringify(welcome)),
    )
    link.start()
    await until(() => happened.length > 0)
    const [socket] = sockets
    send(socket, { type: 'ping' })
    send(socket, { type: 'telemetry.ack', payload: { sequence: 7 } })
    for (const garbage of ['{', '{"type":"config.changes","payload":{"changes":[{}]}}']) socket?.send(garbage)
    await until(() => happened.length === 3 && received.length === 2)
    expect(delivered).toEqual([{ type: 'telemetry.ack', payload: { sequence: 7 } }])
    expect(received.at(-1)?.type).toBe('pong')
    expect(happened.slice(1)).toEqual(['A message could not be read.', 'A message could not be read.'])
  })

  it('nothing is believed from a server that has not let it in', async () => {
    const { link, delivered, happened, sockets, send } = await createHarness((socket) => {
      send(socket, { type: 'telemetry.ack', payload: { sequence: 1 } })
      socket.send(JSON.stringify(welcome))
    })
    link.start()
    await until(() => happened.length > 0)
    expect(delivered).toEqual([])
    expect(sockets.length).toBe(1)
  })

  it('waits 1, 2, 4, 8, 16, then 30 seconds, and by chance down to half of that', () => {
    const waits = [1, 2, 3, 4, 5, 6, 60]
    expect(waits.map((attempt) => reconnectDelayMs(attempt, () => 0) / 1_000)).toEqual([
      1, 2, 4, 8, 16, 30, 30,
    ])
    expect(reconnectDelayMs(3, () => 1)).toBe(2_000)
  })
})
