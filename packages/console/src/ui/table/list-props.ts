import type { ReactTable } from '@tanstack/react-table'
import type { Column, Features } from './columns.ts'

/** What both shapes of a list, rows and cards, need. */
export interface ListProps<Row extends object> {
  table: ReactTable<Features, Row>
  label: string
  columns: ReadonlyArray<Column<Row>>
  loading: boolean
  selectable: boolean
  onOpen: ((row: Row) => void) | undefined
  onMore: (() => void) | undefined
  loadingMore: boolean
}

/** Under this many rows all of them are rendered; above it only those on screen. */
export const virtualizeAbove = 100
export const rowHeightPx = 36
export const skeletonRows = 8
