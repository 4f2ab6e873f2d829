import type { CronJob } from '@holdfast/contracts/builder/automations/cron'
import type { EndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { importModes, ProjectDifference } from '@holdfast/contracts/builder/project'
import {
  type ProjectBundle,
  ProjectCronJob,
  type ProjectEndpoint,
  ProjectEndpointGroup,
  type ProjectSettings,
  ProjectWebhook,
} from '@holdfast/contracts/builder/project-bundle'
import type { Webhook } from '@holdfast/contracts/platform/webhooks'
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { slugOf } from '../endpoints/checks.ts'
import { normalizePath } from '../endpoints/paths.ts'
import { endpointKey, endpointName, namesOf, projectEndpoint, projectPart } from './bundle-of.ts'
import type { Held } from './model.ts'

/** The steps that make what is here what a bundle says. Pure. */
export type ImportMode = (typeof importModes)[number]

export interface Steps<W, H> {
  create: W[]
  update: { held: H; wanted: W; changed: string[] }[]
  remove: H[]
}

export interface Plan {
  endpointGroups: Steps<ProjectEndpointGroup, EndpointGroup>
  endpoints: Steps<ProjectEndpoint, Endpoint>
  cronJobs: Steps<ProjectCronJob, CronJob>
  webhooks: Steps<ProjectWebhook, Webhook>
  /** Those that differ. */
  settings: ProjectSettings
  differences: ProjectDifference[]
}

/** The bundle as its definitions will be stored, so that it can be compared. */
export function settled(bundle: ProjectBundle): ProjectBundle {
  return {
    ...bundle,
    ...(bundle.endpoints && {
      endpoints: bundle.endpoints.map((endpoint) => ({
        ...endpoint,
        path: normalizePath(endpoint.path),
        slug: slugOf(endpoint.slug) || slugOf(endpoint.name),
        allowedGroups: endpoint.allowedGroups.toSorted(),
      })),
    }),
  }
}

/** `bundle` is settled and has no mistakes. */
export function planOf(held: Held, bundle: ProjectBundle, mode: ImportMode): Plan {
  const names = namesOf(held)
  const differences: ProjectDifference[] = []

  function steps<W extends object, H>(
    kind: ProjectDifference['kind'],
    wanted: readonly W[] | undefined,
    present: readonly H[],
    as: { wantedOf(held: H): W; keyOf(item: W): string; nameOf(item: W): string },
  ): Steps<W, H> {
    const found: Steps<W, H> = { create: [], update: [], remove: [] }
    if (wanted === undefined) return found
    const left = new Map<string, { held: H; now: W }[]>()
    for (const each of present) {
      const now = as.wantedOf(each)
      left.set(as.keyOf(now), [...(left.get(as.keyOf(now)) ?? []), { held: each, now }])
    }
    for (const item of wanted) {
      const match = left.get(as.keyOf(item))?.shift()
      const name = as.nameOf(item)
      if (match === undefined) {
        found.create.push(item)
        differences.push({ action: 'create', kind, name, changes: [] })
        continue
      }
      const changes = changesBetween(match.now, item)
      if (changes.length === 0) continue
      found.update.push({ held: match.held, wanted: item, changed: changes.map(({ property }) => property) })
      differences.push({ action: 'update', kind, name, changes })
    }
    if (mode === 'merge') return found
    for (const { held: gone, now } of [...left.values()].flat()) {
      found.remove.push(gone)
      differences.push({ action: 'delete', kind, name: as.nameOf(now), changes: [] })
    }
    return found
  }

  const byName = <S extends z.ZodObject>(schema: S) => ({
    wantedOf: (item: object) => projectPart(schema, item),
    keyOf: (item: z.output<S>) => nameIn(item).toLowerCase(),
    nameOf: nameIn,
  })
  const plan = {
    endpointGroups: steps<ProjectEndpointGroup, EndpointGroup>(
      'endpoint group',
      bundle.endpointGroups,
      held.endpointGroups,
      byName(ProjectEndpointGroup),
    ),
    endpoints: steps<ProjectEndpoint, Endpoint>('endpoint', bundle.endpoints, held.endpoints, {
      wantedOf: (endpoint) => projectEndpoint(endpoint, names),
      keyOf: endpointKey,
      nameOf: endpointName,
    }),
    cronJobs: steps<ProjectCronJob, CronJob>(
      'cron job',
      bundle.cronJobs,
      held.cronJobs,
      byName(ProjectCronJob),
    ),
    webhooks: steps<ProjectWebhook, Webhook>(
      'webhook',
      bundle.webhooks,
      held.webhooks,
      byName(ProjectWebhook),
    ),
  }
  const settingChanges = changesBetween(held.settings, { ...held.settings, ...given(bundle.settings ?? {}) })
  if (settingChanges.length > 0)
    differences.push({ action: 'update', kind: 'settings', name: 'settings', changes: settingChanges })
  const settings = Object.fromEntries(settingChanges.map(({ property, after }) => [property, after]))
  return { ...plan, settings, differences }
}

const nameIn = (item: object) => ('name' in item ? String(item.name) : '')

function changesBetween(before: object, after: object): ProjectDifference['changes'] {
  const old = new Map(Object.entries(before))
  return Object.entries(after)
    .filter(([property, value]) => !isDeepStrictEqual(value, old.get(property)))
    .map(([property, value]) => ({ property, before: old.get(property) ?? null, after: value as unknown }))
}

function given<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>
}
