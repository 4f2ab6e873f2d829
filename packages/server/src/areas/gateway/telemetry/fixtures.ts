import { bucketOf } from '@holdfast/contracts/gateway/histogram'
import { listLogs } from '@holdfast/contracts/gateway/analytics'
import { createConsumer } from '@holdfast/contracts/gateway/consumers'
import { createGatewayKey } from '@holdfast/contracts/gateway/keys'
import type { GatewayErrorEvent, MetricsEvent, RequestLogEvent } from '@holdfast/contracts/gateway/link'
import { createService } from '@holdfast/contracts/gateway/services'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll } from 'vitest'
import { createModelGateway } from '../link/fixtures.ts'

export const dayMs = 86_400_000

/** A server for all tests of a file, tenants with a gateway that reports, and events for it to report. */
export function useReporting() {
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
      logs: (query: Record<string, string | number> = {}) => client.call(listLogs, { params, query }),
    }
  }
  const at = (agoMs = 0) => new Date(server.clock.nowMs() - agoMs).toISOString()

  const log = (more: Partial<RequestLogEvent> = {}): RequestLogEvent => ({
    id: crypto.randomUUID(),
    at: at(),
    routeId: null,
    serviceId: null,
    consumerId: null,
    userId: null,
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

  return { server: () => server, tenant, at, log, failure, metrics, stored }
}
