import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type {
  ConsumerConfig,
  EntityKind,
  RouteConfig,
  ServiceConfig,
  TenantSettings,
} from '@holdfast/contracts/gateway/config'
import { type ConfigEntry, linkLimits, type ServerMessage } from '@holdfast/contracts/gateway/link'
import { systemClock } from '@holdfast/kernel/clock'
import { emptySetDigest, setDigestText, withMember } from '@holdfast/kernel/crypto/set-digest'
import { createIds } from '@holdfast/kernel/id'
import { WebSocketServer } from 'ws'

/**
 * The link's other end, as small as it can be: `node control-plane-main.ts PORT UPSTREAM COUNT`. It gives one snapshot of
 * COUNT routes and as many consumers, and acknowledges telemetry without reading it, so that the gateway does all it does in
 * earnest and this process costs the load's core as little as possible.
 */
const [port, upstream = '', countText] = process.argv.slice(2)
const ids = createIds(systemClock)
const createdAt = systemClock.now().toISOString()
const serviceId = ids.uuid()

const route = (index: number): RouteConfig => ({
  id: ids.uuid(),
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
})
const consumer = (index: number): ConsumerConfig => ({
  id: ids.uuid(),
  name: `Consumer ${index}`,
  keyHash: createHash('sha256').update(`gw_bench_${index}`).digest('hex'),
  rateLimitTier: 'premium',
})
const service: ServiceConfig = {
  id: serviceId,
  name: 'bench',
  targets: [{ url: upstream, weight: 1 }],
  healthCheckPath: '/',
  timeoutMs: 10_000,
  circuitBreaker: { failures: 100, openMs: 1_000 },
}
const settings: TenantSettings = {
  id: ids.uuid(),
  // Counted, and never reached: the benchmark is about the counting.
  tiers: { free: 60, authenticated: 600, premium: 1_000_000_000, unlimited: null },
  anonymousPerMinute: 100,
  bodySizeBytesMax: 1_000_000,
  addresses: null,
}
const entry = (kind: EntityKind, entity: { id: string }): ConfigEntry => ({
  kind,
  id: entity.id,
  text: JSON.stringify(entity),
})
const numbers = Array.from({ length: Number(countText) }, (_, index) => index)
const entries = [
  entry('service', service),
  entry('settings', settings),
  ...numbers.map((index) => entry('route', route(index))),
  ...numbers.map((index) => entry('consumer', consumer(index))),
]
const checksum = setDigestText(
  entries.reduce((sum, { kind, id, text }) => withMember(sum, [kind, id, text ?? '']), emptySetDigest),
)
const perPart = linkLimits.snapshotEntriesPerPart
const parts = Math.ceil(entries.length / perPart)

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"keys":[]}')
}).listen(Number(port), '127.0.0.1')
new WebSocketServer({ server, path: '/gateway-ws' }).on('connection', (socket) => {
  const send = (message: ServerMessage) => socket.send(JSON.stringify(message))
  socket.on('error', () => socket.terminate())
  socket.on('message', (data: Buffer) => {
    const start = data.toString('latin1', 0, 80)
    const sequence = /^\{"type":"telemetry","payload":\{"sequence":(\d+)/.exec(start)?.[1]
    if (sequence !== undefined) send({ type: 'telemetry.ack', payload: { sequence: Number(sequence) } })
    else if (start.startsWith('{"type":"ping"')) send({ type: 'pong' })
    else if (start.startsWith('{"type":"auth"')) {
      send({
        type: 'auth_ok',
        payload: { tenantId: ids.uuid(), gatewayId: ids.uuid(), configVersion: 1 },
      })
      for (let part = 1; part <= parts; part += 1) {
        const own = entries.slice((part - 1) * perPart, part * perPart)
        send({ type: 'config.snapshot', payload: { revision: 1, checksum, part, parts, entries: own } })
      }
    }
  })
})
