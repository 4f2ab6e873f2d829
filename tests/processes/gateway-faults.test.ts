import { once } from 'node:events'
import { createServer } from 'node:net'
import { getConsumerStats, listLogs } from '@holdfast/contracts/gateway/analytics'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createLine } from './cuttable-line.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { signInTenant, startUpstream, type Tenant, type Upstream } from './gateway-tenant.ts'
import { administrator, createRunningServer, freePort, type RunningServer, until } from './running-server.ts'

/** The link comes back within its longest pause; the change is in force at once then. */
const refusedWithinMs = 30_000

describe('gateways when something fails', () => {
  let server: RunningServer
  let tenant: Tenant
  let upstream: Upstream
  let consumer: Awaited<ReturnType<Tenant['consumer']>>
  const cleanups: (() => Promise<void> | void)[] = []
  const later = (cleanup: () => Promise<void> | void) => cleanups.push(cleanup)

  beforeAll(async () => {
    server = await createRunningServer()
    await server.start()
    tenant = await signInTenant(server.url, administrator.login, administrator.password)
    upstream = await startUpstream()
    await tenant.open('/shop', upstream.url)
    consumer = await tenant.consumer('Shop')
  })
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  })
  afterAll(async () => {
    upstream.stop()
    await server.remove()
  })

  async function startGateway(
    options: { server?: string; threads?: number; more?: readonly string[] } = {},
  ): Promise<GatewayProcess> {
    const { key } = await tenant.gatewayKey('Test')
    const gateway = await startGatewayProcess({ server: server.url, key, ...options })
    later(() => gateway.remove())
    await gateway.live()
    return gateway
  }
  const ask = (gateway: GatewayProcess, path = '/shop', apiKey = consumer.apiKey) =>
    fetch(gateway.url() + path, { headers: { 'x-api-key': apiKey } })

  it('the control plane is killed and comes back under load: no request fails, and changes arrive again', {
    timeout: 120_000,
  }, async () => {
    const gateway = await startGateway()
    const statuses = new Map<number, number>()
    const ending = new AbortController()
    const clients = Array.from({ length: 8 }, async () => {
      while (!ending.signal.aborted) {
        const response = await ask(gateway)
        await response.text()
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      }
    })
    const answered = () => [...statuses.values()].reduce((sum, count) => sum + count, 0)
    const more = async (count: number) => {
      const goal = answered() + count
      await until(async () => answered() >= goal)
    }
    await more(200)
    await server.signal('SIGKILL')
    await until(async () => (await gateway.health()).configSource === 'cache')
    await more(200)
    await server.start()
    await gateway.live()
    await more(200)
    ending.abort()
    await Promise.all(clients)
    expect([...statuses.keys()]).toEqual([200])
    const added = await tenant.consumer('After the restart')
    expect((await ask(gateway, '/shop', added.apiKey)).status).toBe(200)
    await added.revoke()
    await until(async () => (await ask(gateway, '/shop', added.apiKey)).status === 401)
  })

  it('a gateway that is killed and starts while the control plane is away serves what it had acknowledged', {
    timeout: 120_000,
  }, async () => {
    const line = await createLine(server.url)
    later(() => line.stop())
    const gateway = await startGateway({ server: line.url })
    const revoked = await tenant.consumer('Revoked before')
    await revoked.revoke({ wait: 'applied' })
    line.cut()
    await gateway.signal('SIGKILL')
    await gateway.start()
    expect(await gateway.health()).toMatchObject({ status: 'ok', configSource: 'cache' })
    expect((await ask(gateway)).status).toBe(200)
    expect((await ask(gateway, '/shop', revoked.apiKey)).status).toBe(401)
    line.mend()
    await gateway.live()
  })

  it('a key that is revoked while the link is down is refused as soon as the link is back', {
    timeout: 120_000,
  }, async () => {
    const line = await createLine(server.url)
    later(() => line.stop())
    const gateway = await startGateway({ server: line.url })
    const victim = await tenant.consumer('Victim')
    expect((await ask(gateway, '/shop', victim.apiKey)).status).toBe(200)
    line.cut()
    await until(async () => (await gateway.health()).configSource === 'cache')
    await victim.revoke()
    expect((await ask(gateway, '/shop', victim.apiKey)).status).toBe(200)
    line.mend()
    const mendedMs = performance.now()
    await until(async () => (await ask(gateway, '/shop', victim.apiKey)).status === 401)
    expect(performance.now() - mendedMs).toBeLessThan(refusedWithinMs)
  })

  it('a gateway whose own key is revoked refuses everybody, also after a restart', {
    timeout: 120_000,
  }, async () => {
    const { key, revoke } = await tenant.gatewayKey('Withdrawn')
    const gateway = await startGatewayProcess({ server: server.url, key })
    later(() => gateway.remove())
    await gateway.live()
    expect((await ask(gateway)).status).toBe(200)
    await revoke()
    await until(async () => (await ask(gateway)).status === 503)
    expect(await gateway.health()).toMatchObject({ status: 'withdrawn' })
    await gateway.signal('SIGTERM')
    await gateway.start()
    expect((await ask(gateway)).status).toBe(503)
  })

  async function buffered(gateway: GatewayProcess): Promise<number> {
    const address = /Health and metrics at (\S+)/.exec(gateway.output())?.[1]
    const text = await (await fetch(`${address}/metrics`)).text()
    return Number(/^holdfast_gateway_telemetry_buffered_events (\d+)$/m.exec(text)?.[1])
  }

  it('a crash takes the events and numbers that no batch held yet, doubles none, and says so everywhere', {
    timeout: 180_000,
  }, async () => {
    const line = await createLine(server.url)
    later(() => line.stop())
    const threads = 2
    const gateway = await startGateway({ server: line.url, threads })
    const mine = await tenant.consumer('Crash')
    line.cut()
    await until(async () => (await gateway.health()).configSource === 'cache')
    const requests = 3_300
    for (let sent = 0; sent < requests; sent += 50) {
      await Promise.all(
        Array.from({ length: 50 }, async () => await (await ask(gateway, '/shop', mine.apiKey)).text()),
      )
    }
    await until(async () => (await buffered(gateway)) >= requests - threads * 500)
    await gateway.signal('SIGKILL')
    line.mend()
    await gateway.start()
    expect(gateway.output()).toContain('ended without stopping')
    // What was being filled, and what each thread had not handed on.
    const least = requests - 1_000 - threads * 500
    const seen = async () => {
      const ids: string[] = []
      for (let page = 1; ; page += 1) {
        const logs = await tenant.client.call(listLogs, {
          params: { tenantId: tenant.id },
          query: { consumerId: mine.id, page },
        })
        ids.push(...logs.map(({ requestId }) => requestId))
        if (logs.length < 50) return ids
      }
    }
    await until(async () => (await seen()).length >= least)
    const ids = await seen()
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeLessThanOrEqual(requests)
    const params = { tenantId: tenant.id }
    const { requests: used } = await tenant.client.call(getConsumerStats, {
      params: { ...params, id: mine.id },
    })
    expect(used.last24Hours).toBeGreaterThanOrEqual(least)
    expect(used.last24Hours).toBeLessThanOrEqual(requests)
    const { gateways } = await tenant.client.call(getGatewayStatus, { params })
    const ends = gateways.filter(({ online }) => online).map(({ previousEnd }) => previousEnd)
    expect(ends).toEqual(['crash'])
  })

  it('a line that is cut within messages, again and again: what is served converges', {
    timeout: 120_000,
  }, async () => {
    const line = await createLine(server.url)
    later(() => line.stop())
    const gateway = await startGateway({ server: line.url, threads: 2 })
    const consumers = []
    for (const bytes of [1, 40, 333, 1_000, 1_500]) {
      const isCut = line.cutAfter(bytes)
      for (let count = 0; count < 5; count += 1) consumers.push(await tenant.consumer(`Cut ${bytes}`))
      await isCut
      const [first] = consumers
      await first?.revoke()
      consumers.shift()
      await gateway.live()
    }
    const { revision } = await tenant.client.call(getGatewayStatus, { params: { tenantId: tenant.id } })
    await until(async () => (await gateway.health()).configVersion === revision)
    const statuses = await Promise.all(
      consumers.map(async ({ apiKey }) => (await ask(gateway, '/shop', apiKey)).status),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(statuses).toHaveLength(20)
  })

  it('metrics are shown to clients only where that was asked for', { timeout: 120_000 }, async () => {
    const shown = await startGateway({ more: ['--public-metrics', 'yes'] })
    const text = await (await fetch(`${shown.url()}/metrics`)).text()
    expect(text).toContain('holdfast_gateway_config_revision')
    const usual = await startGateway()
    expect((await fetch(`${usual.url()}/metrics`)).status).toBe(404)
  })

  it('200 parallel requests at a limit of 100: exactly 100 pass on one gateway with two threads', {
    timeout: 120_000,
  }, async () => {
    const gateway = await startGateway({ threads: 2 })
    await tenant.open('/limited', upstream.url, { rateLimitOverride: 100 })
    const passed = await passing([gateway], 200)
    expect(passed).toBe(100)
  })

  it('on several gateways each has its own count: N gateways pass at most N times the limit', {
    timeout: 120_000,
  }, async () => {
    await tenant.open('/shared', upstream.url, { rateLimitOverride: 100 })
    const gateways = await Promise.all([startGateway(), startGateway()])
    expect(await passing(gateways, 500, '/shared')).toBe(200)
  })

  async function passing(gateways: GatewayProcess[], count: number, path = '/limited'): Promise<number> {
    const caller = await tenant.consumer('Eager')
    const answers = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const gateway = gateways[index % gateways.length]
        const response = gateway === undefined ? null : await ask(gateway, path, caller.apiKey)
        await response?.text()
        return response?.status
      }),
    )
    expect(answers.filter((status) => status !== 200 && status !== 429)).toEqual([])
    return answers.filter((status) => status === 200).length
  }

  it('SIGTERM: what has begun is answered, nothing new is taken, and the process ends by itself', {
    timeout: 120_000,
  }, async () => {
    let arrived = () => {}
    let release = () => {}
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve))
    const isReleased = new Promise<void>((resolve) => (release = resolve))
    const slow = await startUpstream((request, response) => {
      // The gateway asks for the health of the service as well.
      if (request.headers['x-forwarded-for'] !== undefined) arrived()
      void isReleased.then(() => response.end('late but whole'))
    })
    later(() => slow.stop())
    const gateway = await startGateway()
    await tenant.open('/slow', slow.url)
    const answer = ask(gateway, '/slow')
    await hasArrived
    const ended = gateway.signal('SIGTERM')
    await until(async () => {
      const refused = await ask(gateway).then(
        () => false,
        () => true,
      )
      return refused
    })
    release()
    expect(await (await answer).text()).toBe('late but whole')
    expect(await ended).toBe(0)
  })

  it('what a gateway logged before it stopped is there afterwards', { timeout: 120_000 }, async () => {
    const gateway = await startGateway()
    const mine = await tenant.consumer('Last words')
    expect((await ask(gateway, '/shop', mine.apiKey)).status).toBe(200)
    expect(await gateway.signal('SIGTERM')).toBe(0)
    const logs = await tenant.client.call(listLogs, {
      params: { tenantId: tenant.id },
      query: { consumerId: mine.id },
    })
    expect(logs.map(({ path, statusCode }) => [path, statusCode])).toEqual([['/shop', 200]])
  })
})

describe('the gateway of npm start', () => {
  async function createServers() {
    const port = await freePort()
    const environment = { HOLDFAST_GATEWAY_PORT: String(port), HOLDFAST_LOG_LEVEL: 'warn' }
    const server = await createRunningServer(environment)
    onTestFinished(() => server.remove())
    return { port, server, health: `http://127.0.0.1:${port}/health` }
  }

  it('runs on its port for the first organization, and ends with the server', {
    timeout: 120_000,
  }, async () => {
    const { server, health } = await createServers()
    await server.start()
    await until(async () => (await fetch(health)).ok)
    expect(await (await fetch(health)).json()).toMatchObject({ status: 'ok' })
    expect(await server.signal('SIGTERM')).toBe(0)
    await expect(fetch(health)).rejects.toThrow('fetch failed')
  })

  it('a port that is taken is a warning; the server runs', { timeout: 120_000 }, async () => {
    const { port, server } = await createServers()
    const squatter = createServer().listen(port, '127.0.0.1')
    onTestFinished(() => void squatter.close())
    await once(squatter, 'listening')
    await server.start()
    await until(async () => server.output().includes('its port is taken'))
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  })
})
