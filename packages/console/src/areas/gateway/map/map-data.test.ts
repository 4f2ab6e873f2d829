import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import type { ServiceEntity } from '@holdfast/contracts/gateway/services'
import { expect, test } from 'vitest'
import { mapRows } from './map-data.ts'

const at = '2026-11-21T00:00:00.000Z'
const service = (id: string, name: string): ServiceEntity => ({
  id,
  tenantId: 't',
  name,
  targetUrl: 'http://10.0.0.5',
  targets: [{ url: 'http://10.0.0.5', weight: 1 }],
  healthCheckPath: '/health',
  timeoutMs: 1_000,
  circuitBreaker: null,
  isPlatform: false,
  createdAt: at,
  updatedAt: at,
  deletedAt: null,
})
const route = (id: string, serviceId: string): RouteEntity => ({
  id,
  tenantId: 't',
  method: 'GET',
  pathPattern: `/${id}`,
  pathMatch: 'prefix',
  host: null,
  serviceId,
  authRequired: false,
  rateLimitOverride: null,
  stripPrefix: false,
  timeoutMs: null,
  bodySizeBytesMax: null,
  retries: 0,
  cors: null,
  addresses: null,
  requestHeaders: null,
  responseHeaders: null,
  enabled: true,
  endpointId: null,
  createdAt: at,
  updatedAt: at,
  deletedAt: null,
})

test('routes whose service is gone come first, then services by name, each with its routes and health', () => {
  const health = {
    serviceId: 'b',
    status: 'unhealthy' as const,
    latencyMs: null,
    checkedAt: at,
    errorMessage: 'refused',
    gatewayId: 'g',
  }
  const rows = mapRows(
    [service('b', 'Orders'), service('a', 'Search')],
    [route('one', 'b'), route('two', 'gone'), route('three', 'b')],
    [health],
  )
  expect(rows.map((row) => [row.service?.name ?? null, row.health, row.routes.map(({ id }) => id)])).toEqual([
    [null, 'unknown', ['two']],
    ['Orders', 'unhealthy', ['one', 'three']],
    ['Search', 'unknown', []],
  ])
})
