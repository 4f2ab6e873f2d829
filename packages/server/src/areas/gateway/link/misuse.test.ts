import { createGatewayKey } from '@holdfast/contracts/gateway/keys'
import { linkLimits } from '@holdfast/contracts/gateway/link'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { createModelGateway, dial } from './fixtures.ts'

describe('misuse of the gateway link', () => {
  let server: TestServer
  let apiKey: string
  let addresses = 0
  beforeAll(async () => {
    server = await startTestServer({ HOLDFAST_TRUSTED_PROXIES: '1' })
    const { client, tenantId } = await server.as('user')
    const key = await client.call(createGatewayKey, { params: { tenantId }, body: { label: 'Berlin' } })
    apiKey = key.gatewayApiKey
  })
  afterAll(() => server.stop())

  /** A link that has shown nothing yet, from an address of its own. */
  async function open(headers: Record<string, string> = {}) {
    addresses += 1
    const socket = await dial(server.url, { 'x-forwarded-for': `10.7.0.${addresses}`, ...headers })
    const end = new Promise<number>((resolve) => socket.once('close', resolve))
    return { socket, end }
  }
  const say = (socket: WebSocket, type: string, payload: unknown) =>
    socket.send(JSON.stringify({ type, payload }))
  async function admitted() {
    const { socket, end } = await open()
    const welcome = new Promise((resolve) => socket.once('message', resolve))
    say(socket, 'auth', { apiKey, protocol: 2, gatewayId: crypto.randomUUID() })
    await welcome
    return { socket, end }
  }

  it('who shows no key within five seconds is let go with 4002', async () => {
    const { end } = await open()
    server.clock.advance(linkLimits.authTimeoutMs)
    expect(await end).toBe(4002)
  })

  it.each([
    ['nothing', ''],
    ['a key of nobody', `hfg_${'x'.repeat(43)}`],
    ['another kind of token', 'hfs_abc'],
  ])('%s is refused with 4001', async (_what, key) => {
    const { socket, end } = await open()
    say(socket, 'auth', { apiKey: key, protocol: 2 })
    expect(await end).toBe(4001)
  })

  it.each([
    ['garbage', 'no json {'],
    ['JSON that is no message', '[1, 2]'],
    ['another message first', JSON.stringify({ type: 'config.ack', payload: { version: 1 } })],
    ['a key that is no text', JSON.stringify({ type: 'auth', payload: { apiKey: 7 } })],
    ['a binary message', Buffer.from([0, 1, 2])],
  ])('%s ends a link that has shown no key with 4005', async (_what, data) => {
    const { socket, end } = await open()
    socket.send(data)
    expect(await end).toBe(4005)
  })

  it.each([
    ['garbage', 'no json {'],
    ['a second key', JSON.stringify({ type: 'auth', payload: { apiKey: 'x' } })],
    ['an acknowledgement of the future', JSON.stringify({ type: 'config.ack', payload: { version: 999 } })],
    ['a batch that is none', JSON.stringify({ type: 'telemetry', payload: { sequence: 0 } })],
    ['a message nobody knows', JSON.stringify({ type: 'reboot', payload: {} })],
  ])('%s ends an admitted link with 4005', async (_what, text) => {
    const { socket, end } = await admitted()
    await new Promise((resolve) => socket.once('message', resolve))
    socket.send(text)
    expect(await end).toBe(4005)
  })

  it('a message that is too large ends the link with 1009', async () => {
    const { socket, end } = await admitted()
    socket.send('x'.repeat(linkLimits.messageBytesMax + 1))
    expect(await end).toBe(1009)
  })

  it('an old acknowledgement, twice, is no harm', async () => {
    const { socket } = await admitted()
    await new Promise((resolve) => socket.once('message', resolve))
    for (const version of [0, 1, 1, 0]) say(socket, 'config.ack', { version })
    const pong = new Promise<string>((resolve) =>
      socket.once('message', (data: Buffer) => resolve(data.toString('utf8'))),
    )
    say(socket, 'ping', {})
    expect(JSON.parse(await pong)).toMatchObject({ type: 'pong' })
  })

  it('ten keys that are not valid close the door to their address for a minute, and to no other', async () => {
    const headers = { 'x-forwarded-for': '10.9.9.9' }
    for (let count = 0; count < 10; count++) {
      const { socket, end } = await open(headers)
      say(socket, 'auth', { apiKey: `hfg_${'x'.repeat(43)}` })
      expect(await end).toBe(4001)
    }
    await expect(open(headers)).rejects.toThrow('429')
    await admitted()
    server.clock.advance(60_000)
    await open(headers)
  })

  it('a page of another origin is refused, and one of our own is not', async () => {
    await expect(open({ origin: 'https://elsewhere.example' })).rejects.toThrow('403')
    await expect(open({ origin: 'null' })).rejects.toThrow('403')
    await open({ origin: server.url })
  })

  it('a WebSocket to another path is a request like any other', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${server.url}/api/none`, {
        headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      })
      asked.on('response', (response) => resolve(response.resume().statusCode))
      asked.on('error', reject)
      asked.end()
    })
    expect(answer).toBe(404)
  })

  it('another protocol is offered in vain, and the request is answered', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${server.url}/health`, { headers: { connection: 'Upgrade', upgrade: 'h2c' } })
      asked.on('response', (response) => resolve(response.resume().statusCode))
      asked.on('error', reject)
      asked.end()
    })
    expect(answer).toBe(200)
  })

  it('the same gateway connecting again replaces its older link', async () => {
    const gateway = createModelGateway({ url: server.url, apiKey })
    await gateway.connect()
    const again = createModelGateway({ url: server.url, apiKey, gatewayId: gateway.gatewayId })
    await again.connect()
    await until(() => gateway.closed()?.code === 1013)
    expect(again.closed()).toBeNull()
  })
})
