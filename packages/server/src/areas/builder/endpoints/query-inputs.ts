import type { FieldType } from '@holdfast/contracts/builder/fields'
import type { JsonSchema } from '../field-types/definition.ts'
import { type Collection, type CollectionField, maySee } from '../model.ts'
import { queryLimits } from '../records/query.ts'

/** What the query of a GET may say, for OpenAPI and for MCP tools; `records/query.ts` reads it. Pure. */
export interface QueryInput {
  name: string
  description: string
  schema: JsonSchema
}

/** A field, or a part of one, that a list can be filtered by; the schema is that of its operators. */
export interface FilterInput {
  field: string
  filter: FilterKind
}

export type FilterKind = keyof typeof filterSchemas

const text = { type: 'string' }
const list = { type: 'string', description: `Up to ${queryLimits.valuesMax} values, separated by commas.` }
const exists = { type: 'boolean', description: 'Whether the field has a value.' }
const compared = (schema: JsonSchema) => ({
  eq: schema,
  ne: schema,
  gt: schema,
  gte: schema,
  lt: schema,
  lte: schema,
  in: list,
})

const operators = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties: { ...properties, exists },
  additionalProperties: false,
})

/** By kind of field, the operators of a filter; the names are those of the schemas in documents. */
export const filterSchemas = {
  RecordTextFilter: operators({ ...compared(text), contains: text, startsWith: text }),
  RecordNumberFilter: operators(compared({ type: 'number' })),
  RecordBooleanFilter: operators({ eq: { type: 'boolean' }, ne: { type: 'boolean' } }),
  RecordTimeFilter: operators(compared({ type: 'string', format: 'date-time' })),
  RecordListFilter: operators({ contains: text }),
  RecordPresenceFilter: operators({}),
} as const satisfies Record<string, JsonSchema>

const kinds: Readonly<Record<FieldType, FilterKind>> = {
  string: 'RecordTextFilter',
  json: 'RecordTextFilter',
  reference: 'RecordTextFilter',
  number: 'RecordNumberFilter',
  boolean: 'RecordBooleanFilter',
  datetime: 'RecordTimeFilter',
  array: 'RecordListFilter',
  object: 'RecordPresenceFilter',
}

const ownFilters: readonly FilterInput[] = [
  { field: 'id', filter: 'RecordTextFilter' },
  { field: 'createdAt', filter: 'RecordTimeFilter' },
  { field: 'updatedAt', filter: 'RecordTimeFilter' },
]

/** Null where any path may be filtered by, because the collection has no schema. */
export function filterInputs(collection: Collection, groupIds: readonly string[]): FilterInput[] | null {
  if (collection.fields.length === 0 && collection.usedKeys.size === 0) return null
  const own = visibleFields(collection.fields, groupIds).map(({ path, type }) => ({
    field: path,
    filter: kinds[type],
  }))
  return [...own, ...ownFilters]
}

/** For one record. */
export function recordInputs(collection: Collection, groupIds: readonly string[]): QueryInput[] {
  const references = visibleFields(collection.fields, groupIds).filter(({ type }) => type === 'reference')
  return [
    {
      name: 'fields',
      description: 'Only these fields, separated by commas.',
      schema: text,
    },
    ...(references.length === 0
      ? []
      : [
          {
            name: 'populate',
            description: `References to expand: true for all, or some of ${references.map(({ path }) => path).join(', ')}, separated by commas.`,
            schema: text,
          },
        ]),
  ]
}

/** For a list, without its filters. */
export function listInputs(collection: Collection, groupIds: readonly string[]): QueryInput[] {
  const { pageMax, limitMax, sortMax } = queryLimits
  return [
    {
      name: 'page',
      description: 'Page number, from 1. For lists that go on, cursor is faster.',
      schema: { type: 'integer', minimum: 1, maximum: pageMax, default: 1 },
    },
    {
      name: 'limit',
      description: 'Records per page.',
      schema: { type: 'integer', minimum: 1, maximum: limitMax, default: 20 },
    },
    {
      name: 'cursor',
      description: 'The meta.nextCursor of the page before; instead of page.',
      schema: text,
    },
    {
      name: 'sort',
      description: `Up to ${sortMax} fields, separated by commas; - in front of one sorts downwards. Without it, the newest come first.`,
      schema: text,
    },
    {
      name: 'search',
      description: 'Text to find in any text field.',
      schema: { type: 'string', maxLength: 200 },
    },
    ...recordInputs(collection, groupIds),
  ]
}

/** Every field that these groups may see, those of nested objects by their path. */
function visibleFields(
  fields: readonly CollectionField[],
  groupIds: readonly string[],
  parent = '',
): { path: string; type: FieldType }[] {
  return fields
    .filter((field) => maySee(field, groupIds))
    .flatMap(({ name, type, children }) => {
      const path = parent + name
      return [{ path, type }, ...(type === 'object' ? visibleFields(children, groupIds, `${path}.`) : [])]
    })
}
