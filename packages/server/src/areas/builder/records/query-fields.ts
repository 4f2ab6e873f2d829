import type { FieldType } from '@holdfast/contracts/builder/fields'
import type { FieldTypeDefinition } from '../field-types/definition.ts'
import { fieldTypeDefinitions } from '../field-types/index.ts'
import { type Collection, type CollectionField, maySee, type SqlCast } from '../model.ts'

/** Something a query can name: a field by its path, or one of a record's own facts. */
export type QueryField =
  | { readonly kind: 'column'; readonly name: string; readonly column: 'id' | 'created_at' | 'updated_at' }
  | {
      readonly kind: 'value'
      readonly name: string
      readonly keys: readonly string[]
      readonly type: FieldType
    }

const columns: Readonly<Record<string, 'id' | 'created_at' | 'updated_at'>> = {
  _id: 'id',
  id: 'id',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
}
const depthMax = 8
const stepLengthMax = 128

/**
 * Finds what `path` (`price`, `address.city`) names for somebody in these groups. Null when there is no such field, which
 * is also what a hidden or unreadable one looks like. In a collection without a schema every path is a `json` value.
 */
export function findField(
  collection: Collection,
  path: string,
  groupIds: readonly string[],
): QueryField | null {
  const column = Object.hasOwn(columns, path) ? columns[path] : undefined
  if (column !== undefined) return { kind: 'column', name: path, column }
  const steps = path.split('.')
  if (
    steps.length > depthMax ||
    steps.some((step) => step === '' || step.length > stepLengthMax || step.includes('\0'))
  )
    return null
  if (collection.fields.length === 0 && collection.usedKeys.size === 0)
    return { kind: 'value', name: path, keys: steps, type: 'json' }
  const keys: string[] = []
  let fields: ReadonlyMap<string, CollectionField> = collection.fieldByName
  for (const [index, step] of steps.entries()) {
    const field = fields.get(step)
    if (field === undefined || !maySee(field, groupIds)) return null
    keys.push(field.key)
    const rest = steps.slice(index + 1)
    if (rest.length === 0) return { kind: 'value', name: path, keys, type: field.type }
    if (field.type === 'json') return { kind: 'value', name: path, keys: [...keys, ...rest], type: 'json' }
    if (field.type !== 'object') return null
    if (field.children.length === 0)
      return { kind: 'value', name: path, keys: [...keys, ...rest], type: 'json' }
    fields = new Map(field.children.map((child) => [child.name, child]))
  }
  return null
}

/** Text fields that `search` looks into, those of nested objects included. */
export function searchableFields(collection: Collection, groupIds: readonly string[]): QueryField[] {
  const found: QueryField[] = []
  const visit = (fields: readonly CollectionField[], names: string[], keys: string[]) => {
    for (const field of fields) {
      if (!maySee(field, groupIds)) continue
      if (fieldTypeDefinitions[field.type].isSearched)
        found.push({
          kind: 'value',
          name: [...names, field.name].join('.'),
          keys: [...keys, field.key],
          type: field.type,
        })
      if (field.type === 'object') visit(field.children, [...names, field.name], [...keys, field.key])
    }
  }
  visit(collection.fields, [], [])
  return found
}

/** What a query may ask of a field, and how. */
export function typeOf(
  field: QueryField,
): Pick<FieldTypeDefinition, 'name' | 'operators' | 'parseText' | 'textHint' | 'parsePiece'> {
  if (field.kind === 'value') return fieldTypeDefinitions[field.type]
  return field.column === 'id' ? recordIds : fieldTypeDefinitions.datetime
}

/** A part of an id, or more than one, is as good a question as a whole one. */
const recordIds = { ...fieldTypeDefinitions.reference, parseText: (text: string) => text.toLowerCase() }

/** How values of a type are compared in SQL. What has no order of its own is compared as the text that it is shown as. */
export function castOf(type: FieldType): SqlCast {
  return fieldTypeDefinitions[type].sqlCast ?? 'text'
}
