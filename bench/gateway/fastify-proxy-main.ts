import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import type { FastifyInstance, FastifyPluginCallback } from 'fastify'

/**
 * The peer on the same runtime: @fastify/http-proxy with the key check, a limit and shipped logs, written as one would.
 * `node fastify-proxy-main.ts PORT UPSTREAM SINK_PORT MODULES`
 */
const [port, upstream = '', sinkPort, modules = ''] = process.argv.slice(2)
// Installed for the benchmark alone, elsewhere: none of this repository's dependencies.
const load = createRequire(`${modules}/peer.js`)
const [framework, plugin] = ['fastify', '@fastify/http-proxy'].map((name): unknown => load(name))
const fastify = framework as () => FastifyInstance
const httpProxy = plugin as FastifyPluginCallback<{ upstream: string }>

const consumers = new Map([[createHash('sha256').update('gw_bench_0').digest('hex'), { id: 'consumer-0' }]])
const verified = new Map<string, { id: string }>()
const windows = new Map<string, { startMs: number; before: number; count: number }>()
const windowMs = 60_000
const limit = 1_000_000_000
let logs: object[] = []
const sink = connect(Number(sinkPort), '127.0.0.1')
setInterval(() => {
  if (logs.length === 0) return
  sink.write(`${JSON.stringify({ logs })}\n`)
  logs = []
}, 200)

const app = fastify()
app.addHook('onRequest', async (request, reply) => {
  const key = request.headers['x-api-key']
  if (typeof key !== 'string') return reply.code(401).send({ error: 'TOKEN_INVALID' })
  const consumer = verified.get(key) ?? consumers.get(createHash('sha256').update(key).digest('hex'))
  if (consumer === undefined) return reply.code(401).send({ error: 'TOKEN_INVALID' })
  verified.set(key, consumer)
  delete request.headers['x-api-key']
  const nowMs = Date.now()
  const window = windows.get(consumer.id) ?? { startMs: nowMs, before: 0, count: 0 }
  windows.set(consumer.id, window)
  if (nowMs - window.startMs >= windowMs) {
    window.before = window.count
    window.count = 0
    window.startMs = nowMs
  }
  window.count += 1
  const estimate = window.before * (1 - (nowMs - window.startMs) / windowMs) + window.count
  reply.header('x-ratelimit-limit', limit).header('x-ratelimit-remaining', Math.floor(limit - estimate))
  if (estimate > limit) return reply.code(429).send({ error: 'RATE_LIMIT_EXCEEDED' })
  return undefined
})
app.addHook('onResponse', async (request, reply) => {
  logs.push({
    at: new Date().toISOString(),
    method: request.method,
    path: request.url,
    statusCode: reply.statusCode,
    responseTimeMs: reply.elapsedTime,
    requestId: request.id,
    clientIp: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
  })
})
await app.register(httpProxy, { upstream })
await app.listen({ port: Number(port), host: '127.0.0.1' })
