import { Columns3, Trash2 } from 'lucide-react'
import { formatNumber } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Menu, MenuCheckbox } from '../../../ui/menu.tsx'
import type { ColumnChoice } from './use-column-choice.ts'

export interface RecordsBarProps {
  shown: number
  total: number
  isLowerBound: boolean
  selectedCount: number
  mayDelete: boolean
  onDelete: () => void
  onClear: () => void
  columns: ColumnChoice
}

/** Above the sheet: how many records there are and which columns show, or what can be done with those selected. */
export function RecordsBar(props: RecordsBarProps) {
  if (props.selectedCount > 0) {
    return (
      <div className="flex h-10 items-center gap-2" role="toolbar" aria-label="Selected records">
        <span className="text-sm font-medium" aria-live="polite">
          {formatNumber(props.selectedCount)} selected
        </span>
        {props.mayDelete && (
          <Button size="small" icon={Trash2} onClick={props.onDelete}>
            Delete
          </Button>
        )}
        <Button kind="quiet" size="small" onClick={props.onClear}>
          Clear
        </Button>
      </div>
    )
  }
  const total = `${props.isLowerBound ? 'more than ' : ''}${formatNumber(props.total)}`
  return (
    <div className="flex h-10 items-center justify-between">
      <span className="text-xs text-ink-subtle tabular-nums" aria-live="polite">
        {props.shown < props.total ? `${formatNumber(props.shown)} of ${total} records` : `${total} records`}
      </span>
      <Menu trigger={<IconButton icon={Columns3} label="Choose columns" size="small" />}>
        {props.columns.all.map((column) => (
          <MenuCheckbox
            key={column.id}
            checked={props.columns.isShown(column.id)}
            onChange={(shown) => props.columns.set(column.id, shown)}
          >
            {column.header}
          </MenuCheckbox>
        ))}
      </Menu>
    </div>
  )
}
