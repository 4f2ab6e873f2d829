import type { ReactTable } from '@tanstack/react-table'
import { Columns3 } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatNumber } from '../../lib/format.ts'
import { Button } from '../button.tsx'
import { IconButton } from '../icon-button.tsx'
import { Menu, MenuCheckbox } from '../menu.tsx'
import type { Features } from './columns.ts'

export interface TableBarProps<Row extends object> {
  table: ReactTable<Features, Row>
  shown: number
  total: number | undefined
  loading: boolean
  selectedCount: number
  onClear: () => void
  actions: ReactNode
}

/** Above the rows: how many there are and which columns show; while rows are selected, what can be done with them. */
export function TableBar<Row extends object>(props: TableBarProps<Row>) {
  const { table, shown, total, loading, selectedCount, onClear, actions } = props
  if (selectedCount > 0) {
    return (
      <div className="flex h-10 items-center gap-2" role="toolbar" aria-label="Selected rows">
        <span className="text-sm font-medium" aria-live="polite">
          {formatNumber(selectedCount)} selected
        </span>
        {actions}
        <Button kind="quiet" size="small" onClick={onClear}>
          Clear
        </Button>
      </div>
    )
  }
  const hideable = table.getAllLeafColumns().filter((column) => column.getCanHide())
  return (
    <div className="flex h-10 items-center justify-between">
      <span className="text-xs text-ink-subtle tabular-nums" aria-live="polite">
        {!loading && countText(shown, total)}
      </span>
      {hideable.length > 0 && (
        <Menu trigger={<IconButton icon={Columns3} label="Choose columns" size="small" />}>
          {hideable.map((column) => (
            <MenuCheckbox
              key={column.id}
              checked={column.getIsVisible()}
              onChange={(checked) => column.toggleVisibility(checked)}
            >
              {String(column.columnDef.header || column.id)}
            </MenuCheckbox>
          ))}
        </Menu>
      )}
    </div>
  )
}

function countText(shown: number, total: number | undefined): string {
  if (total === undefined || total === shown) return formatNumber(shown)
  return `${formatNumber(shown)} of ${formatNumber(total)}`
}
