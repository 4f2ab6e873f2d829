import type { FieldTypeDefinition } from '../field-types/definition.ts'
import { fieldTypeDefinitions } from '../field-types/index.ts'
import type { Collection } from '../model.ts'

/** A view of a collection's records: what stands where, without any SQL. */
export interface ViewPlan {
  name: string
  path: string
  /** Table in the PostgreSQL schema `records`. */
  table: string
  columns: ViewColumn[]
  /** Set where records have no fields: everything but these keys is one column `data`. */
  restWithoutKeys: string[] | null
}

export interface ViewColumn {
  name: string
  key: string
  type: ColumnType
  /** Of a `jsonb`: the properties that are shown of it, or of each of its items; null for a value as it is. */
  inside: { isList: boolean; properties: ViewColumn[] } | null
}

export type ColumnType = FieldTypeDefinition['sqlColumn']

/** Columns that every view has. */
export const ownColumns = ['id', 'created_at', 'updated_at'] as const
/** Bytes that PostgreSQL keeps of a name. */
const nameBytesMax = 63

/**
 * One view for each collection. What is hidden, or kept for some groups, is in none: SQL knows neither endpoints nor
 * groups, whoever has the role reads everything there is.
 */
export function viewPlans(collections: readonly Collection[]): ViewPlan[] {
  const taken = new Set<string>()
  return collections
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, table, fields, usedKeys }) => {
      const columnNames = new Set<string>([...ownColumns, 'data'])
      return {
        name: freeName(viewName(path), taken),
        path,
        table,
        columns: openColumns(fields).map((column) => ({
          ...column,
          name: freeName(column.name, columnNames),
        })),
        restWithoutKeys: fields.length === 0 ? [...usedKeys].toSorted() : null,
      }
    })
}

function openColumns(fields: Collection['fields']): ViewColumn[] {
  return fields
    .filter(({ hidden, readGroupIds }) => !hidden && readGroupIds.length === 0)
    .map(({ name, key, type, children }) => ({
      name,
      key,
      type: fieldTypeDefinitions[type].sqlColumn,
      inside: children.length === 0 ? null : { isList: type === 'array', properties: openColumns(children) },
    }))
}

/** `/api/shop/items` -> `shop_items`. */
function viewName(path: string): string {
  const words = path
    .toLowerCase()
    .replace(/^\/api\//, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  if (words === '') return 'records'
  return /^[0-9]/.test(words) ? `r_${words}` : words
}

/** The name, cut to what PostgreSQL keeps, with a number behind it while somebody else has it. */
function freeName(wanted: string, taken: Set<string>): string {
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? '' : `_${count}`
    const name = cut(wanted, nameBytesMax - suffix.length) + suffix
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}

function cut(text: string, bytesMax: number): string {
  const encoder = new TextEncoder()
  let shown = ''
  let bytes = 0
  for (const character of text) {
    bytes += encoder.encode(character).length
    if (bytes > bytesMax) break
    shown += character
  }
  return shown
}
