import type { Field } from '@holdfast/contracts/builder/fields'
import type { StoredRecord } from './api.ts'

/** A column of the grid: a field, or one of the times every record has. */
export interface GridColumn {
  id: string
  header: string
  field: Pick<Field, 'type'> & Partial<Field>
  widthPx: number
  sortable: boolean
  /** Can be changed right in the grid. */
  editable: boolean
  valueOf: (record: StoredRecord) => unknown
}

const widths: Record<Field['type'], number> = {
  string: 220,
  number: 112,
  boolean: 112,
  datetime: 200,
  reference: 180,
  object: 240,
  array: 240,
  json: 240,
}

/** What the grid shows: every visible field in its order, then when a record was made and last changed. */
export function gridColumns(fields: readonly Field[], mayEdit: boolean): GridColumn[] {
  const nested = new Set(['object', 'array', 'json'])
  return [
    ...fields.map((field) => ({
      id: field.name,
      header: field.name,
      field,
      widthPx: widths[field.type],
      sortable: field.type !== 'object' && field.type !== 'array',
      editable: mayEdit && !nested.has(field.type),
      valueOf: (record: StoredRecord) => record[field.name],
    })),
    ...(['createdAt', 'updatedAt'] as const).map((name) => ({
      id: name,
      header: name === 'createdAt' ? 'Created' : 'Changed',
      field: { type: 'datetime' as const },
      widthPx: 200,
      sortable: true,
      editable: false,
      valueOf: (record: StoredRecord) => record[name],
    })),
  ]
}

/** Columns for records of an endpoint without a schema: the names that occur in what is loaded. */
export function guessedColumns(records: readonly StoredRecord[]): GridColumn[] {
  const reserved = new Set(['_id', 'id', 'createdAt', 'updatedAt'])
  const names = [...new Set(records.slice(0, 100).flatMap((record) => Object.keys(record)))]
  const guessed = names
    .filter((name) => !reserved.has(name))
    .slice(0, 20)
    .map((name): GridColumn => {
      const type = guessType(records, name)
      return {
        id: name,
        header: name,
        field: { type },
        widthPx: widths[type],
        // Without a schema the runtime knows no fields to sort by.
        sortable: false,
        editable: false,
        valueOf: (record) => record[name],
      }
    })
  return [...guessed, ...gridColumns([], false)]
}

function guessType(records: readonly StoredRecord[], name: string): Field['type'] {
  const value = records.map((record) => record[name]).find((one) => one !== undefined && one !== null)
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'object' ? 'json' : 'string'
}
