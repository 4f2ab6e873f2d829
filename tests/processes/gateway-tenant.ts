import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import { createConsumer, revokeConsumer } from '@holdfast/contracts/gateway/consumers'
import { createGatewayKey, revokeGatewayKey } from '@holdfast/contracts/gateway/keys'
import { createGatewayRoute } from '@holdfast/contracts/gateway/routes'
import { createService } from '@holdfast/contracts/gateway/services'
import { type Client, createClient } from '@holdfast/contracts/kit/client'

/** A tenant of a server under test, and what its owner does. */
export interface Tenant {
  id: string
  client: Client
  /** A route to an upstream that needs a key; answers once every connected gateway has it. */
  open(path: string, upstream: string, policy?: { rateLimitOverride?: number }): Promise<void>
  consumer(
    name: string,
  ): Promise<{ id: string; apiKey: string; revoke(query?: { wait?: 'applied' }): Promise<void> }>
  gatewayKey(label: string): Promise<{ key: string; revoke(): Promise<void> }>
}

export function createTenantActions(client: Client, tenantId: string): Tenant {
  const params = { tenantId }
  const query = { wait: 'applied' as const }
  return {
    id: tenantId,
    client,
    async open(path, upstream, policy = {}) {
      const service = await client.call(createService, {
        query,
        params,
        body: { name: `Service of ${path}`, targetUrl: upstream },
      })
      const body = { method: 'ANY' as const, pathPattern: path, serviceId: service.id, authRequired: true }
      await client.call(createGatewayRoute, { params, query, body: { ...body, ...policy } })
    },
    async consumer(name) {
      const { id, apiKey } = await client.call(createConsumer, {
        params,
        query,
        body: { name, rateLimitTier: 'unlimited' },
      })
      return {
        id,
        apiKey,
        revoke: async (query: { wait?: 'applied' } = {}) =>
          await client.call(revokeConsumer, { params: { ...params, id }, query }),
      }
    },
    async gatewayKey(label) {
      const { id, gatewayApiKey } = await client.call(createGatewayKey, { params, body: { label } })
      return {
        key: gatewayApiKey,
        revoke: async () => await client.call(revokeGatewayKey, { params: { ...params, id } }),
      }
    },
  }
}

/** Signs in and answers the personal tenant. */
export async function signInTenant(url: string, login: string, password: string): Promise<Tenant> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  const { token, tenantId } = (await response.json()) as { token: string; tenantId: string }
  const client = createClient({ baseUrl: url, headers: () => ({ authorization: `Bearer ${token}` }) })
  return createTenantActions(client, tenantId)
}

export interface Upstream {
  url: string
  stop(): void
}

/** A service behind the gateway; without a listener of one's own it answers `ok`. */
export async function startUpstream(
  listener: RequestListener = (_request, response) => response.end('ok'),
): Promise<Upstream> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
