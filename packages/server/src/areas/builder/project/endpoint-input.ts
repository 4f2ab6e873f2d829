import type { EndpointInput } from '@holdfast/contracts/builder/endpoints'
import type { Field, FieldInput } from '@holdfast/contracts/builder/fields'
import type { ProjectEndpoint, ProjectField } from '@holdfast/contracts/builder/project-bundle'
import { referenceKey } from './mistakes.ts'

/** From what a bundle says to what the services take: ids instead of names. Pure. */

export interface Ids {
  /** By name. Undefined for one that is not there, which has been refused before. */
  endpointGroup(name: string): string | undefined
  group(name: string): string | undefined
  /** By `endpointKey`. */
  endpoint(key: string): string | undefined
}

/** Fields are known again by name, so that a field which is here keeps its identity and its values. */
export function endpointInput(
  { group, allowedGroups, fields, ...own }: ProjectEndpoint,
  present: readonly Field[],
  ids: Ids,
): EndpointInput {
  return {
    ...own,
    groupId: group === null ? null : (ids.endpointGroup(group) ?? null),
    allowedGroupIds: idsOf(allowedGroups, ids),
    schema: fieldInputs(fields, present, ids),
  }
}

function fieldInputs(fields: readonly ProjectField[], present: readonly Field[], ids: Ids): FieldInput[] {
  return fields.map(({ refEndpoint, readGroups, writeGroups, children, ...own }, order) => {
    const known = present.find(({ name }) => name === own.name)
    return {
      ...own,
      ...(known && { id: known.id }),
      order,
      refEndpointId: own.type === 'reference' ? (ids.endpoint(referenceKey({ refEndpoint })) ?? null) : null,
      readGroupIds: idsOf(readGroups, ids),
      writeGroupIds: idsOf(writeGroups, ids),
      children: fieldInputs(children, known?.children ?? [], ids),
    }
  })
}

function idsOf(names: readonly string[], { group }: Ids): string[] {
  return names.flatMap((name) => group(name) ?? [])
}

/** Keys of the endpoints that references of these fields point at. */
export function referencesIn(fields: readonly ProjectField[]): string[] {
  return fields.flatMap((field) => [
    ...(field.type === 'reference' ? [referenceKey(field)] : []),
    ...referencesIn(field.children),
  ])
}

/** Without the fields that point at endpoints which `isThere` does not know yet. */
export function withoutReferences(
  fields: readonly ProjectField[],
  isThere: (key: string) => boolean,
): ProjectField[] {
  return fields
    .filter((field) => field.type !== 'reference' || isThere(referenceKey(field)))
    .map((field) => ({ ...field, children: withoutReferences(field.children, isThere) }))
}
