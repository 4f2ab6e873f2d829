import {
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  sortFn_datetime,
  tableFeatures,
} from '@tanstack/react-table'
import type { ReactNode } from 'react'

/** What the console's tables can do; the library brings nothing that is not named here. */
export const features = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic, datetime: sortFn_datetime },
})

export type Features = typeof features

export type SortValue = string | number | boolean | null | undefined

/** One column, as a page describes it. */
export interface Column<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** What the column sorts by. Without it the column cannot be sorted. */
  sortBy?: (row: Row) => SortValue
  /** A CSS width. Columns without one share the rest, so widths never depend on what was loaded. */
  width?: string
  align?: 'start' | 'end'
  /** Starts hidden; the column chooser brings it in. */
  startsHidden?: boolean
  /** The name of the thing: cannot be hidden, and is the title of the card on a phone. */
  isTitle?: boolean
}

/** Sorting as it stands in the address: a column, and `-` before it for descending. */
export type Sort = string | undefined

export function columnDefs<Row extends object>(
  columns: ReadonlyArray<Column<Row>>,
): ColumnDef<Features, Row>[] {
  return columns.map((column) => ({
    id: column.id,
    accessorFn: (row: Row) => column.sortBy?.(row) ?? undefined,
    header: column.header,
    cell: ({ row }: { row: { original: Row } }) => column.cell(row.original),
    enableSorting: column.sortBy !== undefined,
    enableHiding: !column.isTitle,
    sortUndefined: 'last' as const,
  }))
}

export function parseSort(sort: Sort): { id: string; desc: boolean }[] {
  if (!sort) return []
  return sort.startsWith('-') ? [{ id: sort.slice(1), desc: true }] : [{ id: sort, desc: false }]
}

export function writeSort(sorting: ReadonlyArray<{ id: string; desc: boolean }>): Sort {
  const first = sorting[0]
  return first ? `${first.desc ? '-' : ''}${first.id}` : undefined
}
