import type { Field } from '@holdfast/contracts/builder/fields'
import { parseJson } from '../../../lib/parse-json.ts'
import { describeProblem } from '../../../lib/problem-text.ts'
import { referenceId } from './labels.ts'

/**
 * What the form of a record holds. Plain types hold their value; JSON is kept as the text that was typed, because
 * half-typed JSON is no value; an object with fields holds an object of the same kind.
 */
export type FormValues = Record<string, unknown>

/** The one entry of a form over records without a schema: the whole record as JSON. */
export const freeFormKey = ':record'

export const isJsonField = (field: Pick<Field, 'type' | 'children'>) =>
  field.type === 'json' || field.type === 'array' || (field.type === 'object' && field.children.length === 0)

/** The values to begin with: those of the record, or the defaults of a new one. */
export function startValues(
  fields: readonly Field[],
  record: Record<string, unknown> | undefined,
): FormValues {
  return Object.fromEntries(
    fields.map((field) => {
      const value = record ? record[field.name] : field.defaultValue
      if (isJsonField(field))
        return [field.name, value === undefined || value === null ? '' : JSON.stringify(value, null, 2)]
      if (field.type === 'object')
        return [field.name, startValues(field.children, isObject(value) ? value : undefined)]
      if (field.type === 'reference') return [field.name, referenceId(value)]
      return [field.name, value ?? null]
    }),
  )
}

/** A record without a schema as text. */
export function freeFormOf(record: Record<string, unknown> | undefined): FormValues {
  const { id, _id, createdAt, updatedAt, ...own } = record ?? {}
  void [id, _id, createdAt, updatedAt]
  return { [freeFormKey]: JSON.stringify(own, null, 2) }
}

export interface CheckedValues {
  body: Record<string, unknown>
  /** By path, `size.widthMm`. */
  errors: Map<string, string>
}

/** The form as the body of a request. Only what no server could understand is refused here; the rest is the server's to judge. */
export function checkValues(fields: readonly Field[], values: FormValues, prefix = ''): CheckedValues {
  const body: Record<string, unknown> = {}
  const errors = new Map<string, string>()
  const free = values[freeFormKey]
  if (typeof free === 'string') {
    const parsed = parseJson(free)
    if (parsed.ok && isObject(parsed.value)) return { body: parsed.value, errors }
    return { body, errors: errors.set(freeFormKey, 'Write one JSON object, in { }.') }
  }
  for (const field of fields) {
    const value = values[field.name]
    const path = prefix + field.name
    if (isJsonField(field)) {
      const parsed =
        typeof value === 'string' && value.trim() !== ''
          ? parseJson(value)
          : { ok: true as const, value: null }
      if (parsed.ok) body[field.name] = parsed.value
      else errors.set(path, 'This is not valid JSON. Check quotes, commas and brackets.')
    } else if (field.type === 'object') {
      const inner = checkValues(field.children, isObject(value) ? value : {}, `${path}.`)
      for (const [at, message] of inner.errors) errors.set(at, message)
      // An object of which nothing is filled in is no object.
      body[field.name] = Object.values(inner.body).some((one) => one !== null)
        ? withoutNothing(inner.body)
        : null
    } else body[field.name] = value === '' ? null : (value ?? null)
    if (field.required && body[field.name] === null && !errors.has(path)) errors.set(path, 'Is required.')
  }
  return prefix === '' ? { body: withoutNothing(body), errors } : { body, errors }
}

/** What differs from the stored values; what was emptied is sent as null. */
export function changedValues(
  next: Record<string, unknown>,
  before: Record<string, unknown>,
): Record<string, unknown> {
  const names = new Set([...Object.keys(next), ...Object.keys(before)])
  return Object.fromEntries(
    [...names]
      .filter((name) => JSON.stringify(next[name]) !== JSON.stringify(before[name]))
      .map((name) => [name, next[name] ?? null]),
  )
}

/** The server's findings by the path of their field. */
export function errorsByPath(thrown: unknown): Map<string, string> {
  return new Map(describeProblem(thrown).details.map(({ path, message }) => [path, message]))
}

function withoutNothing(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
