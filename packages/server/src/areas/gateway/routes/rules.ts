import { RouteConfig } from '@holdfast/contracts/gateway/config'
import { matchKeyOf } from '@holdfast/contracts/gateway/path-pattern'
import type { RouteEntity, RouteInput } from '@holdfast/contracts/gateway/routes'
import type { EntityChange } from '../config-feed/service.ts'

/** What gateways are told of it: nothing while it is switched off. */
export function routeEntry(route: RouteEntity): EntityChange {
  const isSent = route.enabled && route.deletedAt === null
  // Parsed, so that the same route is the same text wherever its properties came from.
  return { kind: 'route', id: route.id, value: isSent ? RouteConfig.parse(route) : null }
}

export function newRoute(
  tenantId: string,
  id: string,
  input: RouteInput & { endpointId?: string },
  at: Date,
): RouteEntity {
  const now = at.toISOString()
  return { endpointId: null, ...input, id, tenantId, createdAt: now, updatedAt: now, deletedAt: null }
}

/** The same for two routes that would answer the same requests. */
export function routeKey(route: Pick<RouteEntity, 'method' | 'host' | 'pathPattern'>): string {
  return `${route.method} ${route.host ?? ''}${matchKeyOf(route.pathPattern)}`
}

/** As people write it: `GET api.example.com/users/:id`. */
export function routeName(route: Pick<RouteEntity, 'method' | 'host' | 'pathPattern'>): string {
  return `${route.method} ${route.host ?? ''}${route.pathPattern}`
}
