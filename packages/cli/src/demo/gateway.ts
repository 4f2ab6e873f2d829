import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyDocument } from '@holdfast/contracts/gateway/apply'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { publishEndpoint } from '@holdfast/contracts/gateway/publish'
import { listServices, patchService } from '@holdfast/contracts/gateway/services'
import { login } from '@holdfast/contracts/identity/auth'
import { type Client, createClient } from '@holdfast/contracts/kit/client'
import { createRandom } from './random.ts'
import { sendTraffic } from './traffic.ts'
import { type Upstreams, type UpstreamName, startUpstreams } from './upstreams.ts'

/** The keys of the demo's consumers, which the server itself keeps as hashes only. */
const keysFile = 'demo-consumers.json'
/** Nobody is there: a service that is down is part of the example. */
const deadUrl = 'http://127.0.0.1:9'

/** What a small shop has behind its gateway, beside the endpoints that it publishes. */
const documentFor = (targets: Upstreams['targets']) => ({
  services: [
    { name: 'Orders', targets: targets.Orders, circuitBreaker: { failures: 5, openMs: 10_000 } },
    { name: 'Search', targets: targets.Search, timeoutMs: 2_000 },
    { name: 'Payments', targetUrl: deadUrl },
  ],
  routes: [
    { method: 'ANY' as const, pathPattern: '/orders', service: 'Orders', authRequired: true, retries: 1 },
    { method: 'GET' as const, pathPattern: '/orders/:id/invoice', service: 'Orders', authRequired: true },
    {
      method: 'GET' as const,
      pathPattern: '/search',
      service: 'Search',
      rateLimitOverride: 60,
      cors: { origins: ['https://shop.example.com'] },
    },
    { method: 'POST' as const, pathPattern: '/payments', service: 'Payments', authRequired: true },
  ],
  consumers: [
    { name: 'Mobile app', rateLimitTier: 'premium' as const },
    { name: 'Price comparison', rateLimitTier: 'free' as const },
    { name: 'Warehouse', rateLimitTier: 'unlimited' as const },
  ],
})

interface DemoGateway {
  baseUrl: string
  administrator: { login: string; password: string }
  dataDirectory: string
  /** Where the gateway that comes with `npm start` listens; 0: there is none. */
  port: number
  /** Published when the gateway is configured for the first time. */
  endpointIds: readonly string[]
}

/**
 * Configures the gateway of the demo once, through its own API, and from then on gives it services to ask and requests to
 * answer. Answers how to end that.
 */
export async function startDemoGateway(demo: DemoGateway): Promise<() => Promise<void>> {
  const random = createRandom(11)
  const { client, tenantId } = await signIn(demo)
  const params = { tenantId }
  const upstreams = await startUpstreams(random)
  const path = join(demo.dataDirectory, keysFile)
  if (demo.endpointIds.length > 0) {
    const body = documentFor(upstreams.targets)
    const { consumers } = await client.call(applyDocument, { params, query: {}, body })
    for (const endpointId of demo.endpointIds)
      await client.call(publishEndpoint, { params, query: {}, body: { endpointId } })
    const keys = Object.fromEntries(consumers.map(({ name, apiKey }) => [name, apiKey]))
    await writeFile(path, JSON.stringify(keys), { mode: 0o600 })
  } else await moveServices(client, tenantId, upstreams.targets)

  const ending = new AbortController()
  const traffic =
    demo.port === 0
      ? Promise.resolve()
      : sendTraffic({
          gatewayUrl: `http://127.0.0.1:${demo.port}`,
          keys: await readKeys(path),
          // Only the gateway of this machine knows the tenant's keys, and it is connected only when it has the port.
          isOurs: async () => (await client.call(getGatewayStatus, { params })).online,
          random,
          signal: ending.signal,
        })
  return async () => {
    ending.abort()
    await traffic
    upstreams.stop()
  }
}

/** The services listen elsewhere at each start. One that somebody has deleted or renamed is theirs. */
async function moveServices(client: Client, tenantId: string, targets: Upstreams['targets']): Promise<void> {
  for (const { id, name } of await client.call(listServices, { params: { tenantId }, query: {} })) {
    if (!(name in targets)) continue
    const body = { targets: targets[name as UpstreamName] }
    await client.call(patchService, { params: { tenantId, id }, query: {}, body })
  }
}

async function readKeys(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  return new Map(Object.entries(JSON.parse(text) as Record<string, string>))
}

/** With the token of seven days: the demo may run for long. */
async function signIn({ baseUrl, administrator }: DemoGateway) {
  const answer = await createClient({ baseUrl }).call(login, { body: administrator })
  if (!('token' in answer)) throw new Error('The demo’s administrator must be able to sign in by password.')
  const headers = { authorization: `Bearer ${answer.token}` }
  return { client: createClient({ baseUrl, headers: () => headers }), tenantId: answer.tenantId }
}
