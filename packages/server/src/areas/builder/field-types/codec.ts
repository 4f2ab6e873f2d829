import { reservedFieldNames } from '@holdfast/contracts/builder/fields'
import { type Codec, type CollectionField, maySee, type StoredBody } from '../model.ts'
import { isPlainObject } from './definition.ts'

const reserved = new Set<string>(reservedFieldNames)

/** Marks a property that no field describes and whose name is, or was, a field's key. No field's key begins with it. */
export const freeMark = '~'

/** Translates between names and keys for one collection. `usedKeys` are the top-level keys that fields have or once had. */
export function createCodec(fields: readonly CollectionField[], usedKeys: ReadonlySet<string>): Codec {
  const byName = new Map(fields.map((field) => [field.name, field]))
  const byKey = new Map(fields.map((field) => [field.key, field]))
  return {
    encode(body) {
      const stored: StoredBody = {}
      for (const [name, value] of Object.entries(body)) {
        if (reserved.has(name)) continue
        const field = byName.get(name)
        if (field !== undefined) stored[field.key] = encodeValue(field, value)
        else stored[usedKeys.has(name) ? freeMark + name : name] = value
      }
      return stored
    },
    decode(stored, groupIds) {
      const body: Record<string, unknown> = {}
      for (const [key, value] of Object.entries(stored)) {
        const field = byKey.get(key)
        if (field !== undefined) {
          if (maySee(field, groupIds)) body[field.name] = decodeValue(field, value, groupIds)
          continue
        }
        if (usedKeys.has(key) || key === '__proto__') continue
        const name = key.startsWith(freeMark) ? key.slice(freeMark.length) : key
        // A field that has since been given this name wins.
        if (!byName.has(name)) body[name] = value
      }
      return body
    },
  }
}

/** The value with names instead of keys on every level below; `groupIds` null: whatever the rules say. */
export function decodeValue(
  field: CollectionField,
  value: unknown,
  groupIds: readonly string[] | null,
): unknown {
  if (field.children.length === 0) return value
  if (Array.isArray(value)) return value.map((item: unknown) => decodeObject(field.children, item, groupIds))
  return decodeObject(field.children, value, groupIds)
}

function decodeObject(
  fields: readonly CollectionField[],
  value: unknown,
  groupIds: readonly string[] | null,
): unknown {
  if (!isPlainObject(value)) return value
  const named: Record<string, unknown> = {}
  for (const field of fields) {
    const item = Object.hasOwn(value, field.key) ? value[field.key] : undefined
    if (item === undefined || (groupIds !== null && !maySee(field, groupIds))) continue
    named[field.name] = decodeValue(field, item, groupIds)
  }
  return named
}

/** The value with keys instead of names. What no field describes is kept as it is. */
export function encodeValue(field: CollectionField, value: unknown): unknown {
  if (field.children.length === 0) return value
  if (Array.isArray(value)) return value.map((item: unknown) => encodeObject(field.children, item))
  return encodeObject(field.children, value)
}

function encodeObject(fields: readonly CollectionField[], value: unknown): unknown {
  if (!isPlainObject(value)) return value
  const stored: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    const field = fields.find((candidate) => candidate.name === name)
    if (field !== undefined) stored[field.key] = encodeValue(field, item)
    else if (name !== '__proto__') stored[name] = item
  }
  return stored
}

/** Whether stored bodies are shown to everybody exactly as they are. */
export function isPlainCollection(
  fields: readonly CollectionField[],
  usedKeys: ReadonlySet<string>,
): boolean {
  return usedKeys.size === fields.length && fields.every(isPlainField)
}

function isPlainField(field: CollectionField): boolean {
  return (
    field.key === field.name &&
    !field.hidden &&
    field.readGroupIds.length === 0 &&
    field.children.every(isPlainField)
  )
}
