import { createConsumer, revokeConsumer } from '@holdfast/contracts/gateway/consumers'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { createGatewayKey, revokeGatewayKey, rotateGatewayKey } from '@holdfast/contracts/gateway/keys'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksumOf, createModelGateway, dial, type ModelGateway } from './fixtures.ts'

describe('the link of a gateway', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  /** A person with a tenant, a key of it, and ways to change it. */
  async function tenant() {
    const { client, tenantId } = await server.as('user')
    const params = { tenantId }
    const { id: keyId, gatewayApiKey: apiKey } = await client.call(createGatewayKey, {
      params,
      body: { label: 'Berlin' },
    })
    return {
      client,
      params,
      keyId,
      apiKey,
      gateway: (url = server.url) => createModelGateway({ url, apiKey }),
      consumer: async (name = 'Mobile app') =>
        (await client.call(createConsumer, { params, query: {}, body: { name } })).id,
      revoke: (id: string) => client.call(revokeConsumer, { params: { ...params, id }, query: {} }),
      status: () => client.call(getGatewayStatus, { params }),
    }
  }
  type Tenant = Awaited<ReturnType<typeof tenant>>

  /** Waits until the gateway holds what the server says is newest. */
  async function converged(gateway: ModelGateway, { status }: Tenant) {
    const { revision } = await status()
    await until(() => gateway.held()?.revision === revision, { what: `revision ${revision}` })
    return gateway.held()
  }
  const applied = (gateway: ModelGateway, { status }: Tenant) =>
    until(
      async () => {
        const { revision, gateways } = await status()
        const mine = gateways.find(({ id }) => id === gateway.gatewayId)
        return mine?.appliedRevision === revision && mine
      },
      { what: 'the acknowledgement to be stored' },
    )

  it('gets a snapshot once and then each change, and what it applied is shown', async () => {
    const mine = await tenant()
    await mine.consumer()
    const gateway = mine.gateway()
    expect(await mine.status()).toMatchObject({ online: false, gateways: [] })
    await gateway.connect()
    expect(gateway.tenantId()).toBe(mine.params.tenantId)
    await converged(gateway, mine)
    const consumerId = await mine.consumer('Second')
    const held = await converged(gateway, mine)
    expect(held?.entities.has(`consumer ${consumerId}`)).toBe(true)
    await mine.revoke(consumerId)
    expect((await converged(gateway, mine))?.entities.has(`consumer ${consumerId}`)).toBe(false)
    expect(gateway.received.map(({ type }) => type)).toEqual([
      'auth_ok',
      'config.snapshot',
      'config.changes',
      'config.changes',
    ])
    const shown = await applied(gateway, mine)
    expect(shown).toMatchObject({
      online: true,
      behind: 0,
      hostname: 'model',
      version: '1.0.0',
      keyId: mine.keyId,
    })
    expect(await mine.status()).toMatchObject({ online: true, behind: 0 })
    gateway.disconnect()
    await until(async () => !(await mine.status()).online)
  })

  it('a change sends bytes in proportion to the change, however much there is', async () => {
    const mine = await tenant()
    for (let count = 0; count < 60; count++) await mine.consumer(`Consumer ${count}`)
    const gateway = mine.gateway()
    await gateway.connect()
    await converged(gateway, mine)
    const before = gateway.received.length
    await mine.consumer('One more')
    await converged(gateway, mine)
    const sent = gateway.received.slice(before)
    expect(sent.map(({ type }) => type)).toEqual(['config.changes'])
    expect(sent[0]?.bytes).toBeLessThan(1_000)
  })

  it('after a break it resumes from its revision, without a snapshot', async () => {
    const mine = await tenant()
    const gateway = mine.gateway()
    await gateway.connect()
    await converged(gateway, mine)
    gateway.disconnect()
    await mine.consumer('While away')
    await mine.consumer('Still away')
    gateway.received.length = 0
    await gateway.connect()
    await converged(gateway, mine)
    await applied(gateway, mine)
    expect(gateway.received.map(({ type }) => type)).toEqual(['auth_ok', 'config.changes'])
  })

  it('one that holds the newest revision is up to date without being sent anything', async () => {
    const mine = await tenant()
    const gateway = mine.gateway()
    await gateway.connect()
    await converged(gateway, mine)
    gateway.disconnect()
    gateway.received.length = 0
    await gateway.connect()
    await applied(gateway, mine)
    expect(gateway.received.map(({ type }) => type)).toEqual(['auth_ok'])
  })

  it.each([
    ['a revision of the future', (revision: number) => ({ revision: revision + 7 })],
    ['another checksum', () => ({ checksum: checksumOf([]) })],
  ])('one that holds %s gets a snapshot', async (_what, spoilt) => {
    const mine = await tenant()
    const gateway = mine.gateway()
    await gateway.connect()
    const held = await converged(gateway, mine)
    gateway.disconnect()
    gateway.spoil((was) => ({ ...was, ...spoilt(was.revision) }))
    gateway.received.length = 0
    await gateway.connect()
    await until(
      () => gateway.held()?.checksum === held?.checksum && gateway.held()?.revision === held?.revision,
    )
    expect(gateway.received.map(({ type }) => type)).toEqual(['auth_ok', 'config.snapshot'])
  })

  it('one that says its set is wrong gets a snapshot, and not for ever', async () => {
    const mine = await tenant()
    const gateway = mine.gateway()
    await gateway.connect()
    await converged(gateway, mine)
    for (let count = 1; count <= 10; count++) {
      gateway.send('config.resync', { reason: 'For a test' })
      await until(
        () => gateway.received.filter(({ type }) => type === 'config.snapshot').length === count + 1,
      )
    }
    gateway.send('config.resync', { reason: 'Once too often' })
    await until(() => gateway.closed())
    expect(gateway.closed()?.code).toBe(1013)
  })

  it('a change made on one replica reaches a gateway at the other', async () => {
    const mine = await tenant()
    const replica = await server.replica()
    try {
      const [here, there] = [mine.gateway(), mine.gateway(replica.url)]
      await Promise.all([here.connect(), there.connect()])
      const consumerId = await mine.consumer()
      for (const gateway of [here, there]) {
        await converged(gateway, mine)
        expect(gateway.held()?.entities.has(`consumer ${consumerId}`)).toBe(true)
        await applied(gateway, mine)
      }
    } finally {
      await replica.stop()
    }
  })

  it('a revoked key ends its links with 4003 on every replica, and lets nobody in', async () => {
    const mine = await tenant()
    const replica = await server.replica()
    try {
      const gateways = [mine.gateway(), mine.gateway(replica.url)]
      for (const gateway of gateways) await gateway.connect()
      await mine.client.call(revokeGatewayKey, { params: { ...mine.params, id: mine.keyId } })
      for (const gateway of gateways)
        await until(() => gateway.closed()?.code === 4003, { timeoutMs: 1_000, what: 'the links to end' })
      const late = mine.gateway()
      await late.connect()
      expect(late.closed()?.code).toBe(4001)
      expect(late.received).toEqual([])
      await until(async () => !(await mine.status()).online)
    } finally {
      await replica.stop()
    }
  })

  it('a replaced key works until its time is over, and its links end then', async () => {
    const mine = await tenant()
    const gateway = mine.gateway()
    await gateway.connect()
    const params = { ...mine.params, id: mine.keyId }
    await mine.client.call(rotateGatewayKey, { params, body: { overlapSeconds: 20 } })
    const second = mine.gateway()
    await second.connect()
    await converged(second, mine)
    expect(gateway.closed()).toBeNull()
    server.clock.advance(20_000)
    for (const each of [gateway, second]) await until(() => each.closed()?.code === 4003)
  })

  it('another tenant hears nothing of a change', async () => {
    const [mine, theirs] = [await tenant(), await tenant()]
    const [gateway, stranger] = [mine.gateway(), theirs.gateway()]
    await gateway.connect()
    await stranger.connect()
    await converged(stranger, theirs)
    const before = stranger.received.length
    await mine.consumer()
    await converged(gateway, mine)
    await theirs.consumer()
    await converged(stranger, theirs)
    expect(stranger.received.length).toBe(before + 1)
  })

  it('one that reads slowly is given no more than it reads, and catches up when it reads on', async () => {
    const mine = await tenant()
    const gateway = mine.gateway()
    await gateway.connect()
    await converged(gateway, mine)
    gateway.pause()
    for (let count = 0; count < 30; count++) await mine.consumer('x'.repeat(80))
    gateway.resume()
    const held = await converged(gateway, mine)
    expect(checksumOf(held?.entities.values() ?? [])).toBe(held?.checksum)
    const revisions = gateway.revisions.map(({ revision }) => revision)
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
  })

  it('who says nothing for two pings is let go, and who answers is not', async () => {
    const mine = await tenant()
    const [silent, lively] = [mine.gateway(), mine.gateway()]
    await silent.connect()
    await lively.connect()
    await applied(silent, mine)
    silent.pause()
    // The server's rounds began before this test did: one more, so that three whole ones are in it.
    for (let count = 0; count < 4; count++) {
      const pings = () => lively.received.filter(({ type }) => type === 'ping').length
      const before = pings()
      server.clock.advance(30_000)
      await until(() => pings() === before + 1)
      await until(async () => {
        const found = (await mine.status()).gateways.find(({ id }) => id === lively.gatewayId)
        return found?.online
      })
    }
    await until(async () => (await mine.status()).gateways.filter(({ online }) => online).length === 1)
    expect(lively.closed()).toBeNull()
  })

  it('when the server stops, its links end with 1001 and are stored as ended', async () => {
    const mine = await tenant()
    const replica = await server.replica()
    const gateway = mine.gateway(replica.url)
    await gateway.connect()
    await converged(gateway, mine)
    expect((await mine.status()).online).toBe(true)
    await replica.stop()
    await until(() => gateway.closed()?.code === 1001)
    expect((await mine.status()).online).toBe(false)
  })

  it('a client of the older form gets the whole configuration, and again after each change', async () => {
    const mine = await tenant()
    await mine.consumer('First')
    const socket = await dial(server.url)
    const messages: { type: string; payload: { config?: Config }; version?: number }[] = []
    type Config = { consumers: { name: string }[]; rateLimit: object }
    socket.on('message', (data: Buffer) =>
      messages.push(JSON.parse(data.toString('utf8')) as (typeof messages)[0]),
    )
    socket.send(JSON.stringify({ type: 'auth', payload: { apiKey: mine.apiKey } }))
    await until(() => messages.length === 1)
    expect(messages[0]).toMatchObject({
      type: 'auth_ok',
      payload: {
        tenantId: mine.params.tenantId,
        config: {
          routes: [],
          services: [],
          consumers: [{ name: 'First' }],
          rateLimit: { windowMs: 60_000, unauthMax: 100, authMax: 500 },
        },
      },
    })
    await mine.consumer('Second')
    await until(() => messages.length === 2)
    const { revision } = await mine.status()
    expect(messages[1]).toMatchObject({
      type: 'config.update',
      version: revision,
      payload: { consumers: [{ name: 'First' }, { name: 'Second' }] },
    })
    for (const [type, payload] of Object.entries({ logs: [{}, {}], errors: [{}], health: {}, metrics: {} }))
      socket.send(JSON.stringify({ type, payload }))
    socket.send(JSON.stringify({ type: 'config.ack', version: revision }))
    await until(async () => (await mine.status()).gateways[0]?.appliedRevision === revision)
    // What it reports cannot be stored, and that is not kept secret.
    await until(async () => (await mine.status()).gateways[0]?.droppedEvents === 5)
    expect(messages).toHaveLength(2)
    expect(socket.readyState).toBe(socket.OPEN)
  })
})
