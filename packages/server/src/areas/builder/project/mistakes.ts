import type { ProjectBundle, ProjectEndpoint, ProjectField } from '@holdfast/contracts/builder/project-bundle'
import { collectionPath } from '../endpoints/paths.ts'
import { endpointKey, endpointName } from './bundle-of.ts'
import type { Held, Mistake } from './model.ts'
import type { ImportMode } from './plan.ts'

/** What is wrong in a settled bundle as far as can be told without trying: things twice, and names that nothing has. */
export function bundleMistakes(held: Held, bundle: ProjectBundle, mode: ImportMode): Mistake[] {
  const endpoints = bundle.endpoints ?? []
  const stays = mode === 'merge' || bundle.endpoints === undefined ? held.endpoints : []
  const groupsStay = mode === 'merge' || bundle.endpointGroups === undefined ? held.endpointGroups : []
  const known = {
    endpoints: new Set([...endpoints, ...stays].map(endpointKey)),
    endpointGroups: new Set([...(bundle.endpointGroups ?? []), ...groupsStay].map(({ name }) => name)),
    groups: new Set(held.groups.map(({ name }) => name)),
  }
  return [
    ...twice('endpoints', endpoints, endpointKey, endpointName),
    ...twice(
      'endpointGroups',
      bundle.endpointGroups ?? [],
      ({ name }) => name.toLowerCase(),
      ({ name }) => name,
    ),
    ...endpoints.flatMap((endpoint, index) => endpointMistakes(endpoint, `endpoints.${index}`, known)),
    ...disagreements(endpoints),
  ]
}

interface Known {
  endpoints: ReadonlySet<string>
  endpointGroups: ReadonlySet<string>
  groups: ReadonlySet<string>
}

function twice<T>(
  section: string,
  items: readonly T[],
  keyOf: (item: T) => string,
  nameOf: (item: T) => string,
): Mistake[] {
  const seen = new Set<string>()
  return items.flatMap((item, index) => {
    const key = keyOf(item)
    const isSecond = seen.has(key)
    seen.add(key)
    return isSecond ? [{ path: `${section}.${index}`, message: `${nameOf(item)} stands twice` }] : []
  })
}

function endpointMistakes({ group, allowedGroups, fields }: ProjectEndpoint, at: string, known: Known) {
  const mistakes: Mistake[] = []
  if (group !== null && !known.endpointGroups.has(group))
    mistakes.push({ path: `${at}.group`, message: `There is no endpoint group ${group}` })
  mistakes.push(...groupMistakes(allowedGroups, `${at}.allowedGroups`, known))
  const visit = (list: readonly ProjectField[], place: string) => {
    for (const [index, field] of list.entries()) {
      const here = `${place}.${index}`
      mistakes.push(...groupMistakes(field.readGroups, `${here}.readGroups`, known))
      mistakes.push(...groupMistakes(field.writeGroups, `${here}.writeGroups`, known))
      if (field.type === 'reference' && !known.endpoints.has(referenceKey(field)))
        mistakes.push({
          path: `${here}.refEndpoint`,
          message: `There is no endpoint ${field.refEndpoint ?? 'named'} for "${field.name}" to point at`,
        })
      visit(field.children, `${here}.children`)
    }
  }
  visit(fields, `${at}.fields`)
  return mistakes
}

/** `GET /api/products/:id` -> the key of that endpoint. */
export function referenceKey({ refEndpoint }: Pick<ProjectField, 'refEndpoint'>): string {
  const [method = '', path = ''] = (refEndpoint ?? '').split(' ')
  return endpointKey({ method, path })
}

function groupMistakes(names: readonly string[], path: string, { groups }: Known): Mistake[] {
  return names
    .filter((name) => !groups.has(name))
    .map((name) => ({ path, message: `There is no group ${name}. Create it first` }))
}

/** Endpoints on one path share their records, and with them what a field is. */
function disagreements(endpoints: readonly ProjectEndpoint[]): Mistake[] {
  const first = new Map<string, { said: string; by: string }>()
  return endpoints.flatMap((endpoint, index) =>
    endpoint.fields.flatMap((field, at) => {
      const { type, unique, indexed, hidden, readGroups, writeGroups } = field
      const said = JSON.stringify([type, unique, indexed, hidden, readGroups, writeGroups])
      const place = `${collectionPath(endpoint.path)} ${field.name}`
      const before = first.get(place)
      if (before === undefined) first.set(place, { said, by: endpointName(endpoint) })
      if (before === undefined || before.said === said) return []
      return [
        {
          path: `endpoints.${index}.fields.${at}`,
          message: `"${field.name}" must have the type, unique, indexed, hidden and groups that it has in ${before.by}`,
        },
      ]
    }),
  )
}
