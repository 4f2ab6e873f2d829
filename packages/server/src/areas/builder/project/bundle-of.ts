import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { Field } from '@holdfast/contracts/builder/fields'
import {
  bundleVersion,
  type ProjectBundleInput,
  ProjectCronJob,
  ProjectEndpoint,
  ProjectEndpointGroup,
  ProjectField,
  ProjectWebhook,
} from '@holdfast/contracts/builder/project-bundle'
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { slugOf } from '../endpoints/checks.ts'
import type { Held } from './model.ts'

/** What is defined here, as a bundle says it: names instead of ids, in an order that only changes with the definitions. */

export interface Names {
  endpointGroup(id: string): string | null
  /** `GET /api/products`. */
  endpoint(id: string): string | null
  group(id: string): string | null
}

export function namesOf({ endpointGroups, endpoints, groups }: Held): Names {
  const named = (list: readonly { id: string; name: string }[]) => {
    const names = new Map(list.map(({ id, name }) => [id, name]))
    return (id: string) => names.get(id) ?? null
  }
  const endpointNames = endpoints.map((endpoint) => ({ id: endpoint.id, name: endpointName(endpoint) }))
  return { endpointGroup: named(endpointGroups), endpoint: named(endpointNames), group: named(groups) }
}

export function endpointName({ method, path }: { method: string; path: string }): string {
  return `${method} ${path}`
}

/** What two writings of one endpoint share: `GET /api/products/:`. */
export function endpointKey({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace(/:\w+/g, ':')}`
}

export function projectEndpoint(endpoint: Endpoint, names: Names): ProjectEndpoint {
  const { method, path, name, description, slug, apiVersion, accessType, networkAccess } = endpoint
  const { inheritGroupNetworkAccess, handlers, rateLimit, dataRetentionDays, enabled } = endpoint
  return {
    method,
    path,
    name,
    description,
    slug,
    apiVersion,
    group: endpoint.groupId === null ? null : names.endpointGroup(endpoint.groupId),
    accessType,
    allowedGroups: namesIn(endpoint.allowedGroupIds, names),
    networkAccess,
    inheritGroupNetworkAccess,
    rateLimit,
    dataRetentionDays,
    enabled,
    fields: projectFields(endpoint.schema, names),
    handlers,
  }
}

function projectFields(fields: readonly Field[], names: Names): ProjectField[] {
  return fields
    .toSorted((one, other) => one.order - other.order)
    .map(({ id, order, refEndpointId, readGroupIds, writeGroupIds, children, ...own }) => {
      void [id, order]
      return {
        ...own,
        refEndpoint: refEndpointId === null ? null : names.endpoint(refEndpointId),
        readGroups: namesIn(readGroupIds, names),
        writeGroups: namesIn(writeGroupIds, names),
        children: projectFields(children, names),
      }
    })
}

function namesIn(ids: readonly string[], names: Names): string[] {
  return ids.flatMap((id) => names.group(id) ?? []).sort()
}

/** Keeps of `item` what `schema` names: what a bundle can say. */
export function projectPart<S extends z.ZodObject>(schema: S, item: object): z.output<S> {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name in schema.shape)) as z.output<S>
}

/** Everything but records. Sections are sorted, and what is as it would be anyway is left out. */
export function bundleOf(held: Held, includeSettings: boolean): ProjectBundleInput {
  const names = namesOf(held)
  return {
    version: bundleVersion,
    ...(includeSettings && { settings: held.settings }),
    endpointGroups: held.endpointGroups
      .toSorted(byName)
      .map((group) =>
        without(projectPart(ProjectEndpointGroup, group), ProjectEndpointGroup.parse({ name: '-' }), [
          'name',
        ]),
      ),
    endpoints: held.endpoints
      .map((endpoint) => compactEndpoint(projectEndpoint(endpoint, names)))
      .sort((one, other) => compare(`${one.path} ${one.method}`, `${other.path} ${other.method}`)),
    cronJobs: held.cronJobs
      .toSorted(byName)
      .map((job) =>
        without(
          projectPart(ProjectCronJob, job),
          ProjectCronJob.parse({ name: '-', schedule: '-', actionType: 'http' }),
          ['name', 'schedule', 'actionType'],
        ),
      ),
    webhooks: held.webhooks
      .toSorted(byName)
      .map((webhook) =>
        without(
          projectPart(ProjectWebhook, webhook),
          ProjectWebhook.parse({ name: '-', url: '-', events: ['*'] }),
          ['name', 'url', 'events'],
        ),
      ),
  }
}

const plainEndpoint = ProjectEndpoint.parse({ method: 'GET', path: '-', name: '-' })
const plainField = ProjectField.parse({ name: '-', type: 'string' })

export function compactEndpoint(endpoint: ProjectEndpoint) {
  const { fields, slug, ...rest } = endpoint
  return {
    ...without(rest, plainEndpoint, ['method', 'path', 'name']),
    ...(slug !== slugOf(endpoint.name) && { slug }),
    ...(fields.length > 0 && { fields: fields.map(compactField) }),
  }
}

type CompactField = Pick<ProjectField, 'name' | 'type'> &
  Partial<Omit<ProjectField, 'children'>> & { children?: CompactField[] }

function compactField({ children, ...field }: ProjectField): CompactField {
  const own = without(field, plainField, ['name', 'type'])
  return children.length === 0 ? own : { ...own, children: children.map(compactField) }
}

/** `item` without what equals `usual`, except `always`. */
function without<T extends object, K extends keyof T>(
  item: T,
  usual: Partial<Record<keyof T, unknown>>,
  always: readonly K[],
): Pick<T, K> & Partial<Omit<T, K>> {
  const kept = Object.entries(item).filter(
    ([name, value]) =>
      always.includes(name as K) || (value !== undefined && !isDeepStrictEqual(value, usual[name as K])),
  )
  return Object.fromEntries(kept) as Pick<T, K> & Partial<Omit<T, K>>
}

const byName = (one: { name: string; id: string }, other: { name: string; id: string }) =>
  compare(one.name, other.name) || compare(one.id, other.id)

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
