import { type RowSelectionState, type SortingState, useTable } from '@tanstack/react-table'
import { type ReactNode, useMemo, useState } from 'react'
import { usePhone } from '../../lib/media.ts'
import { CardList } from './card-list.tsx'
import { type Column, columnDefs, features, parseSort, type Sort, writeSort } from './columns.ts'
import { RowTable } from './row-table.tsx'
import { TableBar } from './table-bar.tsx'
import { useStoredVisibility } from './use-stored-visibility.ts'

export interface DataTableProps<Row extends object> {
  /** Names the table for screen readers, and keeps the chosen columns between visits. */
  name: string
  label: string
  columns: ReadonlyArray<Column<Row>>
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** Shows skeleton rows in the same places instead of the rows. */
  loading?: boolean
  /** How many rows match altogether, when the rows here are only a part. */
  total?: number | undefined
  /** Enter, a click, or a tap on a card. */
  onOpen?: (row: Row) => void
  /** Given, the sort belongs to the page (and to the address), and the rows are expected in order. */
  sort?: Sort
  onSortChange?: (sort: Sort) => void
  /** Turns on selection; receives the selected ids and a way to clear them. */
  bulkActions?: (ids: string[], clear: () => void) => ReactNode
  /** Fetches the next part; called from a button under the rows. */
  onMore?: (() => void) | undefined
  loadingMore?: boolean
  empty: ReactNode
}

const noRows: never[] = []

/**
 * A list of things: dense rows on a desk, cards on a phone. Widths are fixed by the columns, so nothing jumps when
 * rows arrive; past 100 rows only those on screen exist.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, rowId, sort, onSortChange, bulkActions } = props
  const phone = usePhone()
  const [ownSort, setOwnSort] = useState<Sort>()
  const [selection, setSelection] = useState<RowSelectionState>({})
  const [visibility, setVisibility] = useStoredVisibility(props.name, columns)
  const defs = useMemo(() => columnDefs(columns), [columns])
  const sorting: SortingState = useMemo(
    () => parseSort(onSortChange ? sort : ownSort),
    [onSortChange, sort, ownSort],
  )

  const table = useTable({
    features,
    columns: defs,
    data: props.loading ? noRows : rows,
    getRowId: rowId,
    state: { sorting, rowSelection: selection, columnVisibility: visibility },
    onSortingChange: (update) => {
      const next = writeSort(typeof update === 'function' ? update(sorting) : update)
      if (onSortChange) onSortChange(next)
      else setOwnSort(next)
    },
    onRowSelectionChange: setSelection,
    onColumnVisibilityChange: setVisibility,
    manualSorting: onSortChange !== undefined,
    enableMultiSort: false,
    enableRowSelection: bulkActions !== undefined,
  })

  if (!props.loading && rows.length === 0) return <div className="pt-2">{props.empty}</div>

  // Ids of rows that have gone meanwhile do not count.
  const selectedIds = table.getSelectedRowModel().rows.map((row) => row.id)
  const clear = () => setSelection({})
  const List = phone ? CardList : RowTable
  return (
    <div className="flex min-w-0 flex-col">
      <TableBar
        table={table}
        shown={rows.length}
        total={props.total}
        loading={props.loading ?? false}
        selectedCount={selectedIds.length}
        onClear={clear}
        actions={bulkActions?.(selectedIds, clear)}
      />
      <List
        table={table}
        label={props.label}
        columns={columns}
        loading={props.loading ?? false}
        selectable={bulkActions !== undefined}
        onOpen={props.onOpen}
        onMore={props.onMore}
        loadingMore={props.loadingMore ?? false}
      />
    </div>
  )
}
