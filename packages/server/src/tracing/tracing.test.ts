import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createWebhook, testWebhook } from '@holdfast/contracts/platform/webhooks'
import { silentLogger } from '@holdfast/kernel/logger'
import { startTestServer } from '@holdfast/testkit/harness'
import { startReceiver } from '@holdfast/testkit/receiver'
import { until } from '@holdfast/testkit/until'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { readConfig } from '../config.ts'
import { createTracing } from './tracing.ts'

const Value = z.object({ stringValue: z.string().optional(), intValue: z.coerce.number().optional() })
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .transform((all) =>
    Object.fromEntries(all.map(({ key, value }) => [key, value.stringValue ?? value.intValue])),
  )
const SentSpan = z.object({
  name: z.string(),
  kind: z.number(),
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  attributes: Attributes,
  status: z.object({ code: z.number().optional() }),
})
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(SentSpan) })),
    }),
  ),
})

/** What a collector does with OTLP over HTTP in JSON: it takes spans at /v1/traces. */
async function startCollector() {
  const spans: z.output<typeof SentSpan>[] = []
  const services: unknown[] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url !== '/otlp/v1/traces') return response.writeHead(404).end()
      headers.push(request.headers)
      for (const { resource, scopeSpans } of Export.parse(JSON.parse(body)).resourceSpans) {
        services.push(resource.attributes['service.name'])
        spans.push(...scopeSpans.flatMap((scope) => scope.spans))
      }
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/otlp/`, spans, services, headers }
}

const failed = 2
const kinds = { server: 2, client: 3, consumer: 5 }

const traceId = '0af7651916cd43dd8448eb211c80319c'

it('requests, records and outgoing calls become spans of one trace, under the names of their routes', async () => {
  const collector = await startCollector()
  const receiver = await startReceiver()
  onTestFinished(receiver.stop)
  const server = await startTestServer({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=one%20two',
    OTEL_SERVICE_NAME: 'of the test',
    HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1',
  })
  const { client, headers } = await server.as('superAdmin')
  const { data: hook } = await client.call(createWebhook, {
    body: { name: 'traced', url: receiver.url, events: ['group.created'] },
  })
  await client.call(testWebhook, { params: { id: hook.id } })
  await until(() => receiver.received.length === 1)
  const made = await fetch(`${server.url}/api/endpoints`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Cats', path: '/api/cats', method: 'GET', public: true }),
  })
  expect(made.status).toBe(201)
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`
  await fetch(`${server.url}/api/cats?secret=yes`, { headers: { ...headers, traceparent } })
  await fetch(`${server.url}/api/nobody`, { headers: { traceparent: 'nonsense' } })
  await server.stop()

  const named = (name: string) => collector.spans.filter((span) => span.name === name)
  expect(new Set(collector.services)).toEqual(new Set(['of the test']))
  expect(collector.headers[0]).toMatchObject({ 'x-tenant': 'one two' })
  expect(named('records')).toMatchObject([
    {
      kind: kinds.server,
      traceId,
      parentSpanId: 'b7ad6b7169203331',
      attributes: {
        'http.route': '/api/cats',
        'http.request.method': 'GET',
        'http.response.status_code': 200,
      },
    },
  ])
  expect(named('none')).toMatchObject([{ attributes: { 'http.response.status_code': 404 } }])
  const [request] = named('webhooks.test')
  expect(request).toMatchObject({
    kind: kinds.server,
    attributes: { 'holdfast.route': 'webhooks.test', 'http.route': '/api/webhooks/{id}/test' },
  })
  const call = collector.spans.find(({ kind }) => kind === kinds.client)
  expect(call).toMatchObject({
    name: 'POST',
    traceId: request?.traceId,
    parentSpanId: request?.spanId,
    attributes: { 'server.address': '127.0.0.1', 'http.response.status_code': 200 },
  })
  expect(receiver.received[0]?.headers.traceparent).toBe(`00-${call?.traceId}-${call?.spanId}-01`)
  expect(JSON.stringify(collector.spans)).not.toContain('secret')
})

const config = (environment: Record<string, string>) => readConfig({ PORT: '0', ...environment })
const target = { method: 'GET', host: 'example.com' }

it('a job is a trace of its own that calls belong to; one that fails says so without its message', async () => {
  const collector = await startCollector()
  const tracing = createTracing(config({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }), silentLogger)
  await tracing?.part.start?.()
  const work = tracing?.job('reports.send', async () => {
    await tracing.call(target, async () => ({ status: 503 }))
    throw new TypeError('with what somebody has entered')
  })
  await expect(work).rejects.toThrow('with what somebody has entered')
  await tracing?.part.stop?.()
  const [call, job] = collector.spans
  expect(job).toMatchObject({
    name: 'job reports.send',
    kind: kinds.consumer,
    status: { code: failed },
    attributes: { 'error.type': 'TypeError' },
  })
  expect(call).toMatchObject({ traceId: job?.traceId, parentSpanId: job?.spanId, status: { code: failed } })
  expect(JSON.stringify(collector.spans)).not.toContain('entered')
})

it('a share of 0 keeps no trace that begins here, and hands that decision on', async () => {
  const collector = await startCollector()
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: '0' }
  const tracing = createTracing(config(environment), silentLogger)
  await tracing?.part.start?.()
  let sent: Readonly<Record<string, string>> = {}
  await tracing?.call(target, async (headers) => {
    sent = headers
    return { status: 200 }
  })
  await tracing?.part.stop?.()
  expect(sent.traceparent).toMatch(/-00$/)
  expect(collector.spans).toEqual([])
})

it('a collector that refuses is a line in the log and nothing more', async () => {
  const collector = await startReceiver(400)
  onTestFinished(collector.stop)
  const lines: string[] = []
  const logger = { ...silentLogger, warn: (_facts: object, message: string) => void lines.push(message) }
  const tracing = createTracing(config({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }), logger)
  await tracing?.part.start?.()
  expect(await tracing?.job('reports.send', async () => 'done')).toBe('done')
  await tracing?.part.stop?.()
  expect(collector.received).toHaveLength(1)
  expect(lines).toContain('Traces could not be sent')
})

it('without an address there is nothing to ask', () => {
  expect(createTracing(config({}), silentLogger)).toBeNull()
})

it('settings of traces that mean nothing are refused with a sentence', () => {
  expect(() => config({ OTEL_TRACES_SAMPLER_ARG: 'often' })).toThrow('a number from 0 to 1')
  expect(() => config({ OTEL_TRACES_SAMPLER_ARG: '1.5' })).toThrow('a number from 0 to 1')
  expect(() => config({ OTEL_EXPORTER_OTLP_HEADERS: 'token' })).toThrow('must be pairs')
  expect(() => config({ OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' })).toThrow('percent-encoded')
  expect(config({ OTEL_EXPORTER_OTLP_HEADERS: 'A=b=c, d=e%20f' }).OTEL_EXPORTER_OTLP_HEADERS).toEqual({
    a: 'b=c',
    d: 'e f',
  })
})
