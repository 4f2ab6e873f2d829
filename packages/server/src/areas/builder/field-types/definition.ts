import type { FieldType } from '@holdfast/contracts/builder/fields'
import type { EndpointField, FieldRefusal, ReferenceCheck, SqlCast } from '../model.ts'

/** What is found while one body is read. */
export interface Report {
  readonly refusals: FieldRefusal[]
  readonly references: ReferenceCheck[]
  readonly groupIds: readonly string[]
  /** The values are stored ones: who may set them was asked when they were written. */
  readonly isStored: boolean
  /** A field of other groups was set. */
  forbidden: boolean
}

/** Checks one value and answers what is stored for it. `stored` is what stood there, where that matters. */
export type ReadValue = (value: unknown, path: string, report: Report, stored?: unknown) => unknown

export interface ObjectReader {
  read(
    value: Record<string, unknown>,
    path: string,
    report: Report,
    stored?: unknown,
  ): Record<string, unknown>
}

/** JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = Record<string, unknown>

/** One field type, whole: adding a type adds a file with one of these and its line in `index.ts`. */
export interface FieldTypeDefinition {
  readonly name: FieldType
  /** Built once per schema; runs once per value. `children` reads an object with the field's children. */
  compile(field: EndpointField, children: ObjectReader | null): ReadValue
  /** A value for examples. */
  sample(field: EndpointField, children: Record<string, unknown> | null): unknown
  jsonSchema(field: EndpointField, children: JsonSchema | null): JsonSchema
  /** Type text; `children` is the text of an object with the field's children. */
  typescript(field: EndpointField, children: string | null): string
  /** How stored values compare in SQL; null when they have no order. */
  readonly sqlCast: SqlCast | null
  /** The value a query string means, or undefined when it is not one of this type. */
  parseText(text: string): unknown
  /** The nearest value of this type, for a field that changes its type; undefined when there is none. */
  convert(value: unknown): unknown
}

/** Adds `Field "path" <message>`. Answers undefined, so that a reader can return it. */
export function refuse(report: Report, path: string, message: string): undefined {
  report.refusals.push({ path, message: `Field "${path}" ${message}` })
  return undefined
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
