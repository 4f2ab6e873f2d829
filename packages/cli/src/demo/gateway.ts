import { applyDocument } from '@holdfast/contracts/gateway/apply'
import { publishEndpoint } from '@holdfast/contracts/gateway/publish'
import type { Client } from '@holdfast/contracts/kit/client'

/** What a small shop has behind its gateway, beside the endpoints that it publishes. */
const document = {
  services: [
    {
      name: 'Orders',
      targets: [
        { url: 'http://127.0.0.1:4101', weight: 3 },
        { url: 'http://127.0.0.1:4102', weight: 1 },
      ],
      circuitBreaker: { failures: 5, openMs: 10_000 },
    },
    { name: 'Search', targetUrl: 'http://127.0.0.1:4201', timeoutMs: 2_000 },
  ],
  routes: [
    {
      method: 'ANY' as const,
      pathPattern: '/orders',
      service: 'Orders',
      authRequired: true,
      retries: 1,
    },
    { method: 'GET' as const, pathPattern: '/orders/:id/invoice', service: 'Orders', authRequired: true },
    {
      method: 'GET' as const,
      pathPattern: '/search',
      service: 'Search',
      rateLimitOverride: 60,
      cors: { origins: ['https://shop.example.com'] },
    },
  ],
  consumers: [
    { name: 'Mobile app', rateLimitTier: 'premium' as const },
    { name: 'Price comparison', rateLimitTier: 'free' as const },
    { name: 'Warehouse', rateLimitTier: 'unlimited' as const },
  ],
}

/** Configures the gateway of a tenant, through its own API, and publishes these endpoints. */
export async function fillGateway(
  client: Client,
  tenantId: string,
  endpointIds: readonly string[],
): Promise<void> {
  const params = { tenantId }
  await client.call(applyDocument, { params, query: {}, body: document })
  for (const endpointId of endpointIds)
    await client.call(publishEndpoint, { params, query: {}, body: { endpointId } })
}
