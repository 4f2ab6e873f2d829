import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { Field } from '@holdfast/contracts/builder/fields'
import type { CollectionField, EndpointField } from '../model.ts'
import type { FieldUse, StoredEndpoint, StoredField } from './stored.ts'

/** Puts together what is stored in parts: uses and registry become fields, rows become answers. */

/** The fields one endpoint uses. A use whose field is gone is left out. */
export function endpointFields(
  uses: readonly FieldUse[],
  fields: ReadonlyMap<string, StoredField>,
): EndpointField[] {
  return uses.flatMap((use) => {
    const field = fields.get(use.fieldId)
    if (field === undefined) return []
    const { fieldId, children, ...own } = use
    void fieldId
    return [{ ...sharedOf(field), ...own, children: endpointFields(children, fields) }]
  })
}

/** The tree of the fields that are in use, oldest first. */
export function collectionFields(
  fields: readonly StoredField[],
  parentId: string | null = null,
): CollectionField[] {
  return fields
    .filter((field) => field.parentId === parentId && !field.isRetired)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((field) => ({ ...sharedOf(field), children: collectionFields(fields, field.id) }))
}

/** Top-level keys that hold, or may hold, values of a field. */
export function usedKeysOf(fields: readonly StoredField[]): Set<string> {
  return new Set(
    fields
      .filter((field) => field.parentId === null && !(field.isRetired && field.isEmpty))
      .map(({ key }) => key),
  )
}

function sharedOf(field: StoredField): Omit<CollectionField, 'children'> {
  return {
    id: field.id,
    key: field.key,
    name: field.name,
    type: field.type,
    refCollectionId: field.refCollectionId,
    unique: field.isUnique,
    indexed: field.isIndexed,
    hidden: field.isHidden,
    readGroupIds: field.readGroupIds,
    writeGroupIds: field.writeGroupIds,
  }
}

export function fieldAnswers(fields: readonly EndpointField[]): Field[] {
  return fields.map((field) => {
    const { key, refCollectionId, ...shown } = field
    void key
    void refCollectionId
    return {
      ...shown,
      readGroupIds: [...field.readGroupIds],
      writeGroupIds: [...field.writeGroupIds],
      choices: field.choices === null ? null : [...field.choices],
      children: fieldAnswers(field.children),
    }
  })
}

export function endpointAnswer(
  endpoint: StoredEndpoint,
  fields: ReadonlyMap<string, StoredField>,
  callCount: number,
): Endpoint {
  const schema = fieldAnswers(endpointFields(endpoint.schema, fields))
  return {
    ...endpoint,
    _id: endpoint.id,
    allowedGroupIds: [...endpoint.allowedGroupIds],
    handlers: [...endpoint.handlers],
    schema,
    fields: schema,
    isSystem: false,
    callCount,
  }
}
