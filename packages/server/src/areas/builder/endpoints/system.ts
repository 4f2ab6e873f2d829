import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { Field, FieldType } from '@holdfast/contracts/builder/fields'
import { isUpload } from '@holdfast/contracts/kit/media'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * The product's own management routes as endpoints: they are listed, read, documented and tested like any other, and
 * never changed. Derived from the contract; their ids follow from the route's name, so they are the same everywhere.
 */
export interface SystemEndpoints {
  find(id: string): SystemEndpoint | undefined
  list(search: string | undefined): Endpoint[]
}

export interface SystemEndpoint {
  route: RouteShape
  endpoint: Endpoint
}

/** The product's routes have no date of their own. */
const since = '2026-01-01T00:00:00.000Z'

export function createSystemEndpoints(routes: readonly RouteShape[]): SystemEndpoints {
  let derived: Map<string, SystemEndpoint> | undefined
  // Derived when first asked for: the schemas of every route are not needed to start.
  const all = () =>
    (derived ??= new Map(
      [...routes]
        .sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1))
        .map((route) => [systemEndpointId(route.id), { route, endpoint: describe(route) }]),
    ))
  return {
    find: (id) => all().get(id.toLowerCase()),
    list(search) {
      const wanted = search?.toLowerCase() ?? ''
      const endpoints = [...all().values()].map(({ endpoint }) => endpoint)
      return endpoints.filter(({ name, path, method }) =>
        `${name}\n${path}\n${method}`.toLowerCase().includes(wanted),
      )
    },
  }
}

/** A UUID of version 8 (RFC 9562 §5.8) made from the route's id. */
export function systemEndpointId(routeId: string): string {
  const bytes = createHash('sha256').update(`holdfast route ${routeId}`).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function describe(route: RouteShape): Endpoint {
  const id = systemEndpointId(route.id)
  const schema = fieldsOf(route)
  return {
    _id: id,
    id,
    name: route.summary,
    description: 'public' in route.access ? route.access.public : '',
    slug: route.id.replace(/[._]/g, '-'),
    path: route.path.replace(/\{(\w+)\}/g, ':$1'),
    method: route.method,
    apiVersion: null,
    groupId: null,
    collectionId: null,
    schema,
    fields: schema,
    schemaVersion: 1,
    accessType: 'public' in route.access ? 'public' : 'authenticated',
    allowedGroupIds: [],
    networkAccess: { enabled: false, allowedDomains: [], allowedIpRanges: [] },
    inheritGroupNetworkAccess: false,
    handlers: [],
    rateLimit: null,
    dataRetentionDays: null,
    isSystem: true,
    enabled: true,
    callCount: 0,
    createdBy: null,
    createdAt: since,
    updatedAt: since,
  }
}

/** The top-level properties of a route's body. */
function fieldsOf(route: RouteShape): Field[] {
  if (route.body === undefined || isUpload(route.body)) return []
  const schema = z.toJSONSchema(route.body, { io: 'input', unrepresentable: 'any' })
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).map(([name, property], order) => {
    const shape: { type?: unknown; format?: unknown; description?: unknown } =
      typeof property === 'object' ? property : {}
    return {
      id: systemEndpointId(`${route.id} ${name}`),
      name,
      type: typeOf(shape),
      required: required.has(name),
      description: typeof shape.description === 'string' ? shape.description : '',
      order,
      refEndpointId: null,
      minimum: null,
      maximum: null,
      minLength: null,
      maxLength: null,
      choices: null,
      unique: false,
      indexed: false,
      hidden: false,
      readGroupIds: [],
      writeGroupIds: [],
      children: [],
    }
  })
}

function typeOf({ type, format }: { type?: unknown; format?: unknown }): FieldType {
  if (type === 'string') return format === 'date-time' ? 'datetime' : 'string'
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'boolean' || type === 'array' || type === 'object') return type
  return 'json'
}
