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

/** What queries can ask; each type lists its own. */
export const filterOperators = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'contains',
  'startsWith',
  'exists',
] as const
export type FilterOperator = (typeof filterOperators)[number]

/** For values with an order: every operator but those that look into a text. */
export const orderedOperators: readonly FilterOperator[] = filterOperators.filter(
  (operator) => operator !== 'contains' && operator !== 'startsWith',
)

export type QueryValue = string | number | boolean

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
  /** The type of its column where records are shown as tables. */
  readonly sqlColumn: SqlCast | 'jsonb'
  /** What a query may ask of such a field. Whoever may ask for what is greater may also sort by it. */
  readonly operators: readonly FilterOperator[]
  /** The value that a query compares with, in the form that is stored; undefined when it is not one of this type. */
  parseText(text: string): QueryValue | undefined
  /** What a query has to give, after "must be": `a number`. */
  readonly textHint: string
  /** A piece of a value, for `contains` and `startsWith`, in the form that is stored. */
  parsePiece(text: string): string
  /** Whether `search` looks into it. */
  readonly isSearched: boolean
  /** The value that a cell of a table means. A text that is none stays one, so that validation names it. */
  parseCell(text: string): unknown
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
