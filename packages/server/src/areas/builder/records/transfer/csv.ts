import type { FieldType } from '@holdfast/contracts/builder/fields'
import { plainCell } from '../../../../spreadsheet.ts'
import { fieldTypeDefinitions } from '../../field-types/index.ts'
import { type Collection, type CollectionField, maySee } from '../../model.ts'

/** Records as rows of a table: one column per field, nested ones as `address.city`, lists and free JSON as JSON text. */

export interface Column {
  /** As it stands in the header. */
  readonly name: string
  readonly steps: readonly string[]
  readonly type: FieldType
}

/** Holds the whole record where there is no schema to make columns of. */
export const wholeRecordColumn = 'data'
export const factColumns = ['_id', 'createdAt', 'updatedAt'] as const

/** Null: no schema, so the record stands in one column. */
export function columnsOf(collection: Collection, groupIds: readonly string[]): Column[] | null {
  if (collection.fields.length === 0) return null
  const columns: Column[] = []
  const visit = (fields: readonly CollectionField[], parents: readonly string[]) => {
    for (const field of fields) {
      if (!maySee(field, groupIds)) continue
      const steps = [...parents, field.name]
      if (field.type === 'object' && field.children.length > 0) visit(field.children, steps)
      else columns.push({ name: steps.join('.'), steps, type: field.type })
    }
  }
  visit(collection.fields, [])
  return columns
}

/** What stands in a cell. */
export function cellOf(properties: Record<string, unknown>, { steps }: Pick<Column, 'steps'>): string {
  let value: unknown = properties
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return ''
    value = (value as Record<string, unknown>)[step]
  }
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * A row as the record it stands for. An empty cell is an absent field. Texts that do not read as their column's type are
 * kept as they are, so that validation names them.
 */
export function recordOfCells(
  header: readonly string[],
  cells: readonly string[],
  columns: readonly Column[] | null,
): unknown {
  const record: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  header.forEach((name, index) => {
    const text = plainCell(cells[index] ?? '')
    if (text === '') return
    if (columns === null && name === wholeRecordColumn)
      Object.assign(record, fieldTypeDefinitions.json.parseCell(text))
    else {
      const column = columns?.find((known) => known.name === name)
      set(record, column?.steps ?? [name], fieldTypeDefinitions[column?.type ?? 'string'].parseCell(text))
    }
  })
  return { ...record }
}

function set(record: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  const [first, ...rest] = steps
  if (first === undefined) return
  if (rest.length === 0) record[first] = value
  else {
    const inner = (record[first] ?? {}) as Record<string, unknown>
    record[first] = inner
    set(inner, rest, value)
  }
}
