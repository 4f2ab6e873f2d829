import {
  getConsumerStats,
  getHealthHistory,
  listErrors,
  listHealth,
  listLogs,
  listMetrics,
} from '@holdfast/contracts/gateway/analytics'
import { createConsumer } from '@holdfast/contracts/gateway/consumers'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { bucketOf } from '@holdfast/contracts/gateway/histogram'
import { createGatewayKey } from '@holdfast/contracts/gateway/keys'
import type { GatewayErrorEvent, MetricsEvent, RequestLogEvent } from '@holdfast/contracts/gateway/link'
import { createService } from '@holdfast/contracts/gateway/services'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemContext } from '../../../context.ts'
import { createModelGateway } from '../link/fixtures.ts'
import { createTelemetryRepo } from './repo.ts'
import { createTelemetry } from './service.ts'

const dayMs = 86_400_000

describe('telemetry of gateways', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  async function tenant() {
    const { client, tenantId, headers } = await server.as('user')
    const params = { tenantId }
    const { gatewayApiKey: apiKey } = await client.call(createGatewayKey, { params, body: { label: 'A' } })
    const { id: serviceId } = await client.call(createService, {
      params,
      query: {},
      body: { name: 'Shop', targetUrl: 'http://127.0.0.1:9' },
    })
    const { id: consumerId } = await client.call(createConsumer, { params, query: {}, body: { name: 'App' } })
    const gateway = createModelGateway({ url: server.url, apiKey })
    await gateway.connect()
    return {
      client,
      headers,
      params,
      apiKey,
      serviceId,
      consumerId,
      gateway,
      logs: async (query: Record<string, string | number> = {}) => client.call(listLogs, { params, query }),
    }
  }
  const at = (agoMs = 0) => new Date(server.clock.nowMs() - agoMs).toISOString()

  const log = (more: Partial<RequestLogEvent> = {}): RequestLogEvent => ({
    id: crypto.randomUUID(),
    at: at(),
    routeId: null,
    serviceId: null,
    consumerId: null,
    method: 'GET',
    path: '/things',
    statusCode: 200,
    responseTimeMs: 12.5,
    downstreamLatencyMs: 10,
    requestId: 'r-1',
    clientIp: '203.0.113.7',
    userAgent: 'curl/8',
    errorCode: null,
    ...more,
  })
  const failure = (more: Partial<GatewayErrorEvent> = {}): GatewayErrorEvent => ({
    id: crypto.randomUUID(),
    at: at(),
    requestId: 'r-1',
    errorCode: 'DOWNSTREAM_TIMEOUT',
    message: 'The service did not answer in time.',
    serviceId: null,
    path: '/things',
    statusCode: 504,
    ...more,
  })
  const metrics = (durations: number[], more: Partial<MetricsEvent> = {}): MetricsEvent => {
    const latency: Record<string, number> = {}
    for (const duration of durations) latency[bucketOf(duration)] = (latency[bucketOf(duration)] ?? 0) + 1
    return { at: at(), requests: durations.length, errors: 0, refused: 0, latency, consumers: {}, ...more }
  }
  const stored = (gateway: { telemetryAcks: number[] }, sequence: number) =>
    until(() => gateway.telemetryAcks.includes(sequence), { what: `batch ${sequence} to be stored` })

  it('a batch is stored, acknowledged and shown, and another tenant sees nothing of it', async () => {
    const mine = await tenant()
    const theirs = await tenant()
    const { gateway, serviceId, consumerId } = mine
    const one = log({ serviceId, consumerId, path: '/things?token=secret' })
    gateway.report({ sequence: 1, logs: [one] })
    await stored(gateway, 1)
    const { at: timestamp, ...event } = one
    expect(await mine.logs()).toEqual([
      { ...event, timestamp, path: '/things', gatewayId: gateway.gatewayId, downstreamService: 'Shop' },
    ])
    expect(await theirs.logs()).toEqual([])
  })

  it('what comes again after a break is acknowledged and stored once', async () => {
    const mine = await tenant()
    const { gateway } = mine
    const batch = { sequence: 1, dropped: 3, logs: [log()], metrics: [metrics([5, 5])] }
    gateway.report(batch)
    await stored(gateway, 1)
    gateway.disconnect()
    gateway.telemetryAcks.length = 0
    await gateway.connect()
    gateway.report(batch)
    gateway.report({ sequence: 2, logs: [log()] })
    gateway.report({ sequence: 2, logs: [log()] })
    await stored(gateway, 2)
    await until(() => gateway.telemetryAcks.length === 3)
    expect(gateway.telemetryAcks).toEqual([1, 2, 2])
    expect(await mine.logs()).toHaveLength(2)
    const [slot] = await mine.client.call(listMetrics, { params: mine.params, query: { period: '1h' } })
    expect(slot?.requests).toBe(2)
    const { gateways } = await mine.client.call(getGatewayStatus, { params: mine.params })
    expect(gateways[0]?.droppedEvents).toBe(3)
  })

  it('an event that is not valid costs no other, and is counted as dropped', async () => {
    const mine = await tenant()
    const { gateway } = mine
    const bad = [{ ...log(), id: 'none' }, 7, null, { ...log(), at: 'yesterday' }]
    const long = log({
      path: `/${'x'.repeat(5_000)}`,
      userAgent: 'zero \0 half \uD800',
      responseTimeMs: 1e300,
    })
    gateway.send('telemetry', {
      sequence: 1,
      dropped: 0,
      logs: [...bad, long, { ...log(), unheardOf: true }],
      errors: ['x'],
      health: [{}],
      metrics: [{ at: at() }],
    })
    await stored(gateway, 1)
    const rows = await mine.logs()
    expect(rows).toHaveLength(2)
    expect(rows.find(({ id }) => id === long.id)).toMatchObject({
      userAgent: 'zero \uFFFD half \uFFFD',
      responseTimeMs: 3_600_000,
    })
    expect(rows.find(({ id }) => id === long.id)?.path).toHaveLength(2_000)
    const { gateways } = await mine.client.call(getGatewayStatus, { params: mine.params })
    expect(gateways[0]?.droppedEvents).toBe(7)
  })

  it('a clock that runs ahead is not believed, and what is older than what is kept is dropped', async () => {
    const mine = await tenant()
    mine.gateway.report({
      sequence: 1,
      logs: [log({ at: '9999-01-01T00:00:00.000Z' }), log({ at: '1970-01-01T00:00:00.000Z' })],
    })
    await stored(mine.gateway, 1)
    expect((await mine.logs()).map(({ timestamp }) => timestamp)).toEqual([at()])
  })

  it('logs are filtered and paged, newest first', async () => {
    const mine = await tenant()
    const { gateway, consumerId, serviceId } = mine
    const logs = Array.from({ length: 120 }, (_, index) =>
      log({
        at: at((120 - index) * 1_000),
        path: `/things/${index}`,
        statusCode: index % 10 === 0 ? 503 : 200,
        consumerId: index < 60 ? consumerId : null,
        serviceId: index % 2 === 0 ? serviceId : null,
        responseTimeMs: index,
        errorCode: index === 7 ? 'DOWNSTREAM_ERROR' : null,
        method: index === 8 ? 'POST' : 'GET',
      }),
    )
    gateway.report({ sequence: 1, logs })
    await stored(gateway, 1)
    const paths = async (query: Record<string, string | number>) =>
      (await mine.logs(query)).map(({ path }) => Number(path.split('/')[2]))
    expect(await paths({})).toEqual(Array.from({ length: 50 }, (_, index) => 119 - index))
    expect(await paths({ page: 3 })).toEqual(Array.from({ length: 20 }, (_, index) => 19 - index))
    expect(await paths({ statusCode: 503 })).toHaveLength(12)
    expect(await paths({ statusCode: '5xx', consumerId })).toEqual([50, 40, 30, 20, 10, 0])
    expect(await paths({ path: 'S/11' })).toEqual([119, 118, 117, 116, 115, 114, 113, 112, 111, 110, 11])
    expect(await paths({ path: '%' })).toEqual([])
    expect(await paths({ minDurationMs: 117 })).toEqual([119, 118, 117])
    expect(await paths({ errorCode: 'DOWNSTREAM_ERROR' })).toEqual([7])
    expect(await paths({ method: 'post' })).toEqual([8])
    expect(await paths({ serviceId, minDurationMs: 115 })).toEqual([118, 116])
    expect(await paths({ from: at(3_000), to: at(2_000) })).toEqual([118, 117])
    // A form sends what it has not filled in.
    expect(await paths({ path: '', statusCode: '', consumerId: '', from: '', to: '', page: 3 })).toHaveLength(
      20,
    )
  })

  it('a cursor goes on where the page before ended, whatever has come in since', async () => {
    const mine = await tenant()
    const { gateway, params, headers } = mine
    gateway.report({
      sequence: 1,
      logs: Array.from({ length: 70 }, (_, index) => log({ at: at(index), requestId: `r-${index}` })),
    })
    await stored(gateway, 1)
    const url = `${server.url}/api/tenants/${params.tenantId}/logs`
    const first = await fetch(url, { headers })
    const cursor = first.headers.get('x-next-cursor')
    gateway.report({ sequence: 2, logs: [log()] })
    await stored(gateway, 2)
    const second = await fetch(`${url}?cursor=${cursor}`, { headers })
    const ids = [first, second].map(async (answer) =>
      ((await answer.json()) as { requestId: string }[]).map((row) => row.requestId),
    )
    expect((await Promise.all(ids)).flat()).toEqual(Array.from({ length: 70 }, (_, index) => `r-${index}`))
    expect(second.headers.get('x-next-cursor')).toBeNull()
  })

  it('metrics of two gateways are added up, and a percentile is that of all requests together', async () => {
    const mine = await tenant()
    const other = createModelGateway({ url: server.url, apiKey: mine.apiKey })
    await other.connect()
    // Ten seconds that are over, so that their rate is that of all ten.
    const slot = new Date(Math.floor((server.clock.nowMs() - 20_000) / 10_000) * 10_000).toISOString()
    mine.gateway.report({
      sequence: 1,
      metrics: [
        metrics(
          Array.from({ length: 90 }, () => 10),
          { at: slot },
        ),
      ],
    })
    other.report({
      sequence: 1,
      metrics: [
        metrics(
          Array.from({ length: 10 }, () => 1_000),
          { at: slot, errors: 5 },
        ),
      ],
    })
    await Promise.all([stored(mine.gateway, 1), stored(other, 1)])
    for (const period of ['1h', '24h', '7d'] as const) {
      const slots = await mine.client.call(listMetrics, { params: mine.params, query: { period } })
      expect(slots).toHaveLength(1)
      const [all] = slots
      expect(all).toMatchObject({ requests: 100, errorRate: 0.05 })
      expect(all?.p50Ms).toBeGreaterThan(9)
      expect(all?.p50Ms).toBeLessThan(11)
      expect(all?.p95Ms).toBeGreaterThan(900)
      expect(all?.p99Ms).toBeLessThan(1_100)
    }
    const [slotOfTen] = await mine.client.call(listMetrics, { params: mine.params, query: { period: '1h' } })
    expect(slotOfTen?.rps).toBe(10)
    const refused = await fetch(`${server.url}/api/tenants/${mine.params.tenantId}/metrics?period=2h`, {
      headers: mine.headers,
    })
    expect(refused.status).toBe(400)
  })

  it('finer slots are forgotten sooner than coarse ones', async () => {
    const mine = await tenant()
    mine.gateway.report({
      sequence: 1,
      metrics: [metrics([1], { at: at(3 * 3_600_000) }), metrics([1], { at: at(2 * dayMs) })],
    })
    await stored(mine.gateway, 1)
    const slots = await server.database.tenant({ organizationId: mine.params.tenantId }, ({ tx }) =>
      tx.selectFrom('gateway_metrics').select('slot_seconds').orderBy('slot_seconds').execute(),
    )
    expect(slots.map(({ slot_seconds: seconds }) => seconds)).toEqual([60, 3_600, 3_600])
  })

  it('errors are an inbox: open until somebody says that they are dealt with', async () => {
    const mine = await tenant()
    const [one, two] = [failure({ at: at(5) }), failure()]
    mine.gateway.report({ sequence: 1, errors: [one, two] })
    await stored(mine.gateway, 1)
    const listed = async (resolved?: 'true' | 'false') =>
      (await mine.client.call(listErrors, { params: mine.params, query: { resolved } })).map(({ id }) => id)
    expect(await listed()).toEqual([two.id, one.id])
    const answer = await fetch(`${server.url}/api/tenants/${mine.params.tenantId}/errors/${one.id}`, {
      method: 'PATCH',
      headers: { ...mine.headers, 'content-type': 'application/json' },
      body: '{"resolved":true}',
    })
    expect(answer.status).toBe(204)
    expect(await listed('false')).toEqual([two.id])
    expect(await listed('true')).toEqual([one.id])
  })

  it('of health the newest check of each service is shown, and a hundred are kept', async () => {
    const mine = await tenant()
    const { serviceId, params, client } = mine
    const check = (agoMs: number, status: 'healthy' | 'unhealthy') => ({
      serviceId,
      status,
      latencyMs: 3,
      checkedAt: at(agoMs),
      errorMessage: null,
    })
    const health = Array.from({ length: 130 }, (_, index) =>
      check(index * 1_000, index === 0 ? 'unhealthy' : 'healthy'),
    )
    mine.gateway.report({
      sequence: 1,
      health: [...health, { ...check(0, 'healthy'), serviceId: crypto.randomUUID() }],
    })
    await stored(mine.gateway, 1)
    const newest = await client.call(listHealth, { params })
    expect(newest).toEqual([{ ...check(0, 'unhealthy'), gatewayId: mine.gateway.gatewayId }])
    const history = await client.call(getHealthHistory, { params: { ...params, serviceId } })
    expect(history).toHaveLength(100)
    expect(history[0]?.status).toBe('unhealthy')
    const kept = await server.database.tenant({ organizationId: params.tenantId }, ({ tx }) =>
      tx
        .selectFrom('gateway_health_checks')
        .select('service_id')
        .where('service_id', '=', serviceId)
        .execute(),
    )
    expect(kept).toHaveLength(100)
  })

  it('the usage of a consumer is counted exactly, and its newest requests are summed up', async () => {
    const mine = await tenant()
    const { consumerId, params, client } = mine
    mine.gateway.report({
      sequence: 1,
      metrics: [
        metrics([1], { consumers: { [consumerId]: 40 } }),
        metrics([1], { consumers: { [consumerId]: 2 } }),
        metrics([1], { at: at(3 * dayMs), consumers: { [consumerId]: 100 } }),
      ],
      logs: [
        log({ consumerId, statusCode: 429 }),
        log({ consumerId, statusCode: 500 }),
        log({ consumerId }),
        log(),
      ],
    })
    await stored(mine.gateway, 1)
    expect(await client.call(getConsumerStats, { params: { ...params, id: consumerId } })).toMatchObject({
      consumerId,
      requests: { lastHour: 42, last24Hours: 42, last7Days: 142 },
      recent: { requests: 3, limited: 1, errorRate: 1 / 3 },
      lastRequestAt: at(),
    })
  })

  it('what is followed live comes as it is reported, filtered, and ends with the client', async () => {
    const mine = await tenant()
    const { headers } = mine
    const leaving = new AbortController()
    const url = `${server.url}/api/tenants/${mine.params.tenantId}`
    mine.gateway.report({ sequence: 1, logs: [log({ requestId: 'before' })] })
    await stored(mine.gateway, 1)
    const [logs, live] = await Promise.all(
      ['/logs/stream?statusCode=5xx', '/metrics/stream'].map((path) =>
        fetch(url + path, { headers, signal: leaving.signal }),
      ),
    )
    const seen = { logs: '', live: '' }
    void read(logs, (text) => (seen.logs += text))
    void read(live, (text) => (seen.live += text))
    await until(() => seen.logs.includes('retry') && seen.live.includes('retry'))
    mine.gateway.report({
      sequence: 2,
      logs: [log({ requestId: 'unwanted' }), log({ requestId: 'wanted', statusCode: 502 })],
      metrics: [metrics([5])],
    })
    await stored(mine.gateway, 2)
    await until(() => {
      server.clock.advance(1_000)
      return seen.logs.includes('wanted') && seen.live.includes('"requests":1')
    })
    expect(seen.logs).toContain('event: log')
    expect(seen.logs).not.toContain('unwanted')
    expect(seen.logs).not.toContain('before')
    expect(seen.live).toContain('event: metrics')
    leaving.abort()
  })

  it('retention drops whole days, of all tenants', async () => {
    const mine = await tenant()
    mine.gateway.report({
      sequence: 1,
      logs: [log({ at: at(5 * dayMs), requestId: 'old' }), log({ requestId: 'new' })],
      errors: [failure({ at: at(5 * dayMs) })],
    })
    await stored(mine.gateway, 1)
    const settings = { current: () => ({ gatewayLogRetentionDays: 2 }) }
    const { database, clock } = server
    const telemetry = createTelemetry({ repo: createTelemetryRepo(database), database, settings, clock })
    await telemetry.maintain(systemContext('test'))
    expect((await mine.logs()).map(({ requestId }) => requestId)).toEqual(['new'])
    expect(await mine.client.call(listErrors, { params: mine.params, query: {} })).toEqual([])
    // The server that runs still knows the day that is gone, and makes it again.
    mine.gateway.report({ sequence: 2, logs: [log({ at: at(5 * dayMs), requestId: 'late' })] })
    await stored(mine.gateway, 2)
    expect((await mine.logs()).map(({ requestId }) => requestId)).toEqual(['new', 'late'])
  })
})

async function read(answer: Response | undefined, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  try {
    for await (const chunk of answer?.body ?? []) take(decoder.decode(chunk as Uint8Array))
  } catch {
    // The reader has left.
  }
}
