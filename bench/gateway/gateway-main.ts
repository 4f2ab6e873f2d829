import { createHash } from 'node:crypto'
import { createDataPlane, type Upsert } from '@holdfast/gateway/data-plane'
import { systemClock } from '@holdfast/kernel/clock'
import { createIds } from '@holdfast/kernel/id'
import { silentLogger } from '@holdfast/kernel/logger'
import { connect } from 'node:net'

/** The gateway under test: `node gateway-main.ts PORT UPSTREAM SINK_PORT COUNT [THREADS]`, with COUNT routes and consumers. */
const [port, upstream = '', sinkPort, countText, threadsText = '1'] = process.argv.slice(2)
const count = Number(countText)
const ids = createIds(systemClock)
const createdAt = systemClock.now().toISOString()
const serviceId = ids.uuid()

const route = (index: number): Upsert => {
  const id = ids.uuid()
  return {
    kind: 'route',
    id,
    entity: {
      id,
      method: 'GET',
      pathPattern: `/bench-${index}`,
      pathMatch: 'prefix',
      host: null,
      serviceId,
      authRequired: true,
      rateLimitOverride: null,
      stripPrefix: true,
      timeoutMs: null,
      bodySizeBytesMax: null,
      retries: 0,
      cors: null,
      addresses: null,
      requestHeaders: null,
      responseHeaders: null,
      createdAt,
    },
  }
}
const consumer = (index: number): Upsert => {
  const id = ids.uuid()
  const keyHash = createHash('sha256').update(`gw_bench_${index}`).digest('hex')
  return {
    kind: 'consumer',
    id,
    entity: { id, name: `Consumer ${index}`, keyHash, rateLimitTier: 'premium' },
  }
}
const settingsId = ids.uuid()

const plane = createDataPlane({
  host: '127.0.0.1',
  port: Number(port),
  threads: Number(threadsText),
  clock: systemClock,
  logger: silentLogger,
  trustedProxies: 0,
})
await plane.apply({
  revision: 1,
  replaceAll: true,
  removals: [],
  upserts: [
    {
      kind: 'service',
      id: serviceId,
      entity: {
        id: serviceId,
        name: 'bench',
        targets: [{ url: upstream, weight: 1 }],
        healthCheckPath: '/',
        timeoutMs: 10_000,
        circuitBreaker: { failures: 100, openMs: 1_000 },
      },
    },
    {
      kind: 'settings',
      id: settingsId,
      entity: {
        id: settingsId,
        // Counted, and never reached: the benchmark is about the counting.
        tiers: { free: 60, authenticated: 600, premium: 1_000_000_000, unlimited: null },
        anonymousPerMinute: 100,
        bodySizeBytesMax: 1_000_000,
        addresses: null,
      },
    },
    ...Array.from({ length: count }, (_, index) => route(index)),
    ...Array.from({ length: count }, (_, index) => consumer(index)),
  ],
})
// Log shipping, as the gateway's link does it: batches as JSON to another process.
const sink = connect(Number(sinkPort), '127.0.0.1')
plane.onEvents((batch) => void sink.write(`${JSON.stringify(batch)}\n`))
setInterval(() => {
  const { requests, errors, refused, latency } = plane.metrics()
  sink.write(`${JSON.stringify({ requests, errors, refused, latency: [...latency] })}\n`)
}, 10_000).unref()
await plane.start()
process.on('SIGTERM', () => {
  sink.destroy()
  void plane.stop().then(() => process.exit(0))
})
