import { setTimeout as wait } from 'node:timers/promises'
import { listLogs } from '@holdfast/contracts/gateway/analytics'
import { applyDocument } from '@holdfast/contracts/gateway/apply'
import { createGatewayKey } from '@holdfast/contracts/gateway/keys'
import { listGatewayRoutes } from '@holdfast/contracts/gateway/routes'
import { deleteService, listServices } from '@holdfast/contracts/gateway/services'
import { stackAdmin } from '@holdfast/testkit/stack'
import { until } from '@holdfast/testkit/until'
import { startGatewayProcess } from '../processes/gateway-process.ts'
import { signInTenant, startUpstream } from '../processes/gateway-tenant.ts'
import type { ListedPage } from './pages.ts'

/** A tenant with everything on every page of the gateway: a running gateway, traffic, errors, a service that is dead. */
export interface SeededGateway {
  pages: readonly ListedPage[]
  stop(): Promise<void>
}

/** Nothing listens on the discard port of a machine of today: a service there is down. */
const deadUrl = 'http://127.0.0.1:9'
const slowMs = 120

/** Fills the tenant of the stack's administrator, starts a gateway for it and sends requests through. */
export async function seedGateway(url: string): Promise<SeededGateway> {
  const orders = await startUpstream((request, response) => {
    response.statusCode = request.url?.includes('/999') ? 500 : 200
    response.end('{"orders":[]}')
  })
  const search = await startUpstream(
    (_request, response) => void wait(slowMs).then(() => response.end('{"found":[]}')),
  )
  const { client, id: tenantId } = await signInTenant(url, stackAdmin.login, stackAdmin.password)
  const params = { tenantId }
  const { gatewayApiKey } = await client.call(createGatewayKey, { params, body: { label: 'Frankfurt' } })
  const applied = await client.call(applyDocument, {
    params,
    query: {},
    body: documentFor(orders.url, search.url),
  })
  const keys = new Map(applied.consumers.map(({ name, apiKey }) => [name, apiKey]))
  const services = await client.call(listServices, { params, query: {} })
  const idOf = (name: string) => services.find((one) => one.name === name)?.id ?? ''
  await client.call(deleteService, { params: { tenantId, id: idOf('Catalog') }, query: {} })

  const gateway = await startGatewayProcess({ server: url, key: gatewayApiKey })
  await gateway.live()
  await sendTraffic(gateway.url(), keys)
  await until(
    async () => (await client.call(listLogs, { params, query: { path: 'last-of-the-seed' } })).length > 0,
    { what: 'the last request in the log' },
  )
  const routes = await client.call(listGatewayRoutes, { params, query: { search: '/search' } })
  return {
    pages: filledGatewayPages({
      service: idOf('Orders'),
      route: routes[0]?.id ?? '',
      consumer: applied.consumers[0]?.id ?? '',
    }),
    async stop() {
      await gateway.remove()
      orders.stop()
      search.stop()
    },
  }
}

function documentFor(ordersUrl: string, searchUrl: string) {
  return {
    services: [
      {
        name: 'Orders',
        targets: [
          { url: ordersUrl, weight: 3 },
          { url: ordersUrl.replace('127.0.0.1', 'localhost'), weight: 1 },
        ],
        circuitBreaker: { failures: 5, openMs: 10_000 },
      },
      { name: 'Search', targetUrl: searchUrl, timeoutMs: 2_000 },
      { name: 'Payments', targetUrl: deadUrl },
      { name: 'Catalog', targetUrl: ordersUrl },
    ],
    routes: [
      { method: 'ANY' as const, pathPattern: '/orders', service: 'Orders', authRequired: true, retries: 1 },
      {
        method: 'GET' as const,
        pathPattern: '/orders/:id/invoice',
        service: 'Orders',
        authRequired: true,
        timeoutMs: 30_000,
      },
      {
        method: 'GET' as const,
        pathPattern: '/search',
        service: 'Search',
        rateLimitOverride: 20,
        cors: { origins: ['https://shop.example.com'] },
        responseHeaders: { set: { 'Cache-Control': 'max-age=60' }, remove: ['Server'] },
      },
      { method: 'POST' as const, pathPattern: '/payments', service: 'Payments', authRequired: true },
      { method: 'GET' as const, pathPattern: '/catalog', service: 'Catalog' },
      {
        method: 'ANY' as const,
        pathPattern: '/',
        host: 'old.example.com',
        service: 'Orders',
        enabled: false,
      },
    ],
    consumers: [
      { name: 'Mobile app', rateLimitTier: 'premium' as const },
      { name: 'Price comparison', rateLimitTier: 'free' as const },
      { name: 'Warehouse', rateLimitTier: 'unlimited' as const },
    ],
  }
}

async function sendTraffic(gatewayUrl: string, keys: ReadonlyMap<string, string>): Promise<void> {
  const send = async (path: string, consumer?: string, method = 'GET') => {
    const key = consumer === undefined ? undefined : keys.get(consumer)
    const headers: Record<string, string> = key === undefined ? {} : { 'x-api-key': key }
    const response = await fetch(gatewayUrl + path, { method, headers })
    await response.text()
  }
  for (let index = 0; index < 30; index++) {
    await Promise.all([
      send(`/orders/${index}`, 'Mobile app'),
      send(`/orders/${index}`, 'Warehouse', index % 3 === 0 ? 'POST' : 'GET'),
      send('/search', index % 2 === 0 ? 'Price comparison' : undefined),
    ])
  }
  await send('/orders/999', 'Warehouse')
  await send('/orders/7')
  await send('/payments', 'Mobile app', 'POST')
  await send('/payments', 'Mobile app', 'POST')
  await send('/catalog/pans')
  await send('/orders/last-of-the-seed', 'Mobile app')
}

/** Pages of a tenant that has nothing yet. */
export const emptyGatewayPages: readonly ListedPage[] = [
  { name: 'gateway-overview', path: '/gateway/overview' },
  { name: 'gateway-map', path: '/gateway/map' },
  { name: 'gateway-services', path: '/gateway/services' },
  { name: 'gateway-service-new', path: '/gateway/services/new' },
  { name: 'gateway-routes', path: '/gateway/routes' },
  { name: 'gateway-route-new', path: '/gateway/routes/new' },
  { name: 'gateway-consumers', path: '/gateway/consumers' },
  { name: 'gateway-consumer-new', path: '/gateway/consumers/new' },
  { name: 'gateway-logs', path: '/gateway/logs' },
  { name: 'gateway-errors', path: '/gateway/errors' },
  { name: 'gateway-health', path: '/gateway/health' },
  { name: 'gateway-import', path: '/gateway/import' },
  { name: 'gateway-settings', path: '/gateway/settings' },
]

function filledGatewayPages(ids: { service: string; route: string; consumer: string }): ListedPage[] {
  return [
    { name: 'gateway-overview', path: '/gateway/overview?period=1h' },
    { name: 'gateway-map', path: '/gateway/map' },
    { name: 'gateway-services', path: '/gateway/services' },
    { name: 'gateway-service', path: `/gateway/services/${ids.service}` },
    { name: 'gateway-routes', path: '/gateway/routes' },
    { name: 'gateway-route', path: `/gateway/routes/${ids.route}` },
    { name: 'gateway-consumers', path: '/gateway/consumers' },
    { name: 'gateway-consumer', path: `/gateway/consumers/${ids.consumer}` },
    { name: 'gateway-logs', path: '/gateway/logs' },
    { name: 'gateway-logs-failed', path: '/gateway/logs?statusCode=5xx' },
    { name: 'gateway-errors', path: '/gateway/errors' },
    { name: 'gateway-health', path: '/gateway/health' },
    { name: 'gateway-health-history', path: `/gateway/health/${ids.service}` },
  ]
}
