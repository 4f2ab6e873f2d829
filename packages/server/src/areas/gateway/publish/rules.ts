import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import { normalizePathPattern, pathPatternMistake } from '@holdfast/contracts/gateway/path-pattern'
import { type RouteInput, routeFields } from '@holdfast/contracts/gateway/routes'
import { z } from 'zod'

/** What of a published route follows its endpoint. The rest is the tenant's to set. */
export type FollowedFields = Pick<
  RouteInput,
  'method' | 'pathPattern' | 'pathMatch' | 'authRequired' | 'enabled' | 'addresses'
>

/** Everything of a route at its default but what the endpoint says. */
export function routeOf(fields: FollowedFields, serviceId: string): RouteInput {
  return { ...z.object(routeFields).parse(fields), serviceId }
}

export function followedFields(endpoint: Endpoint, addresses: readonly string[] | null): FollowedFields {
  return {
    method: endpoint.method,
    pathPattern: normalizePathPattern(endpoint.path),
    pathMatch: hasRecordsBelow(endpoint) ? 'record' : 'exact',
    authRequired: endpoint.accessType !== 'public',
    enabled: endpoint.enabled,
    addresses: addresses === null ? null : { allow: [...addresses], deny: [] },
  }
}

/** What else lies below an endpoint's path is another endpoint, which nobody has published. */
function hasRecordsBelow({ method, path }: Endpoint): boolean {
  return method !== 'POST' && !/\/:[^/]*\/?$/.test(path)
}

/** Why an endpoint cannot be published, or null. */
export function publicationMistake(endpoint: Endpoint): string | null {
  if (endpoint.isSystem)
    return 'It is a route of the product itself, which is not published through a gateway.'
  const mistake = pathPatternMistake(normalizePathPattern(endpoint.path))
  return mistake === null ? null : `Its path cannot be a path pattern of the gateway, which ${mistake}.`
}
