import type { Endpoint, EndpointMethod } from '@holdfast/contracts/builder/endpoints'
import type { Field } from '@holdfast/contracts/builder/fields'
import { basePathOf } from '../paths.ts'

/** The records behind a path, as this page needs to know them. */
export interface Collection {
  path: string
  /** The collection's own name: what its endpoints are called without their verb would be a guess, so it is the path. */
  endpoints: readonly Endpoint[]
  /** The endpoint through which each thing is done; absent when nobody has defined one, it is off, or for other groups. */
  by: Partial<Record<EndpointMethod, Endpoint>>
  /** Fields that can be seen: those of the reading endpoint first, then what others add. */
  fields: readonly Field[]
}

/** Sees the endpoints of one path as one collection, as somebody in these groups may use it. */
export function collectionOf(
  endpoints: readonly Endpoint[],
  path: string,
  groupIds: readonly string[],
): Collection {
  const base = basePathOf(path)
  const by: Collection['by'] = {}
  for (const endpoint of endpoints.filter((one) => one.enabled && letsIn(one, groupIds))) {
    const servesOne = new RegExp(`^${escape(base)}/:[^/]+$`).test(endpoint.path)
    const isList = endpoint.path === base
    // Reading a list and creating need the path itself; the rest works with either form.
    const fits = isList || (servesOne && endpoint.method !== 'GET' && endpoint.method !== 'POST')
    if (fits && (isList || !by[endpoint.method])) by[endpoint.method] = endpoint
  }
  const sources = [by.GET, by.POST, by.PATCH, by.PUT, ...endpoints].filter((one) => one !== undefined)
  const fields = new Map<string, Field>()
  for (const endpoint of sources) {
    for (const field of endpoint.schema) if (!fields.has(field.id)) fields.set(field.id, field)
  }
  return { path: base, endpoints, by, fields: [...fields.values()].filter((field) => !field.hidden) }
}

/** The server decides; this only spares a person what it would refuse. */
function letsIn({ accessType, allowedGroupIds }: Endpoint, groupIds: readonly string[]): boolean {
  return accessType !== 'group' || allowedGroupIds.some((id) => groupIds.includes(id))
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The fields to ask for when a record is made, and when it is changed; a hidden field can be written too. */
export function writableFields(endpoint: Endpoint | undefined): readonly Field[] {
  return (endpoint?.schema ?? []).toSorted((left, right) => left.order - right.order)
}
