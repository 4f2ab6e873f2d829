import { reservedFieldNames } from '@holdfast/contracts/builder/fields'
import { type EndpointField, type FieldRefusal, maySee, maySet } from '../model.ts'
import { isPlainObject, type ObjectReader, type ReadValue, type Report, refuse } from './definition.ts'
import { fieldTypeDefinitions } from './index.ts'

/** A field, ready for the hot path. */
export interface CompiledField {
  readonly field: EndpointField
  readonly name: string
  readonly key: string
  readonly read: ReadValue
  /** The name is also a property of every JavaScript object, so that a plain look-up would find something. */
  readonly isShadowed: boolean
  readonly isRestricted: boolean
}

const reserved = new Set<string>(reservedFieldNames)

export function compileFields(fields: readonly EndpointField[]): CompiledField[] {
  return fields.map((field) => ({
    field,
    name: field.name,
    key: field.key,
    read: readerOf(field),
    isShadowed: field.name in {},
    isRestricted: field.writeGroupIds.length > 0,
  }))
}

function readerOf(field: EndpointField): ReadValue {
  const children = field.children.length > 0 ? compileObject(field.children) : null
  const read = fieldTypeDefinitions[field.type].compile(field, children)
  const emptyIsNull = field.type !== 'string' && field.type !== 'json'
  return (value, path, report, stored) => {
    if (isEmpty(value)) {
      if (field.required) return refuse(report, path, 'is required')
      return value === '' && emptyIsNull ? null : value
    }
    return read(value, path, report, stored)
  }
}

/** Reads nested objects: no defaults are missing, unknown properties are refused, what the writer cannot see stays. */
function compileObject(fields: readonly EndpointField[]): ObjectReader {
  const compiled = compileFields(fields)
  const keys = new Set(compiled.map(({ key }) => key))
  return {
    read(value, path, report, stored) {
      const before = isPlainObject(stored) ? stored : {}
      const body: Record<string, unknown> = {}
      let known = 0
      for (const entry of compiled) {
        if (hasProperty(value, entry)) known += 1
        readField(entry, value, `${path}.${entry.name}`, report, body, before, true)
      }
      if (known < Object.keys(value).length) refuseUnknown(compiled, value, `${path}.`, report)
      for (const key of Object.keys(before)) if (!keys.has(key)) body[key] = before[key]
      return body
    },
  }
}

/** Reads one field of `input` into `body`. A field that is absent and out of the writer's reach keeps its stored value. */
export function readField(
  entry: CompiledField,
  input: Record<string, unknown>,
  path: string,
  report: Report,
  body: Record<string, unknown>,
  stored: Record<string, unknown>,
  withDefaults: boolean,
): void {
  const { field, key } = entry
  let value = hasProperty(input, entry) ? input[entry.name] : undefined
  if (value === undefined) {
    const kept = stored[key]
    if (kept !== undefined && !(maySee(field, report.groupIds) && maySet(field, report.groupIds))) {
      body[key] = kept
      return
    }
    if (withDefaults && field.defaultValue !== undefined) value = field.defaultValue
  } else if (entry.isRestricted && !report.isStored && !maySet(field, report.groupIds)) {
    report.forbidden = true
    refuse(report, path, 'may only be set by members of its groups')
    return
  }
  const result = entry.read(value, path, report, stored[key])
  if (result !== undefined) body[key] = result
}

export function hasProperty(input: Record<string, unknown>, { name, isShadowed }: CompiledField): boolean {
  return isShadowed ? Object.hasOwn(input, name) : input[name] !== undefined
}

/** Names every property that no field describes. The ones that answers add to each record are passed over at the top. */
export function refuseUnknown(
  compiled: readonly CompiledField[],
  input: Record<string, unknown>,
  prefix: string,
  report: Report,
): void {
  const names = new Set(compiled.map(({ name }) => name))
  for (const name of Object.keys(input)) {
    if (names.has(name) || (prefix === '' && reserved.has(name))) continue
    report.refusals.push({ path: `${prefix}${name}`, message: `Unknown field "${prefix}${name}"` })
  }
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** What is wrong with a field's default value. Whether a reference exists is only asked when it is used. */
export function readDefault(field: EndpointField): readonly FieldRefusal[] {
  const report: Report = { refusals: [], references: [], groupIds: [], isStored: true, forbidden: false }
  readerOf({ ...field, required: false })(field.defaultValue, field.name, report)
  return report.refusals
}
