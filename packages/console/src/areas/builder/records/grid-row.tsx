import { classNames } from '../../../lib/class-names.ts'
import { Checkbox } from '../../../ui/checkbox.tsx'
import type { StoredRecord } from './api.ts'
import { CellEditor } from './cell-editor.tsx'
import { CellValue } from './cell-value.tsx'
import type { GridColumn } from './grid-columns.ts'
import { shortId } from './labels.ts'

export interface GridRowProps {
  record: StoredRecord
  index: number
  columns: readonly GridColumn[]
  isSelected: boolean
  isChanged: boolean
  /** The column that can be reached by Tab, when it is in this row. */
  activeColumn: number | null
  editingColumn: string | null
  onFocusCell: (column: number) => void
  onToggle: () => void
  onOpen: () => void
  onBeginEdit: (column: GridColumn) => void
  /** With undefined nothing was changed. */
  onEndEdit: (column: GridColumn, value: unknown) => void
}

const cellClass = 'truncate border-b border-line px-3 focus-visible:-outline-offset-2'

/** One record in the grid. */
export function GridRow(props: GridRowProps) {
  const { record, index, columns, isSelected, isChanged } = props
  const cell = (column: number) => ({
    role: 'gridcell',
    'data-cell': `${index}:${column}`,
    tabIndex: props.activeColumn === column ? 0 : -1,
    onFocus: () => props.onFocusCell(column),
  })
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classNames(
        'h-9 hover:bg-hover',
        isSelected && 'bg-accent-soft hover:bg-accent-soft',
        isChanged && 'live-flash',
      )}
    >
      <td {...cell(0)} className={cellClass}>
        <Checkbox
          aria-label={`Select record ${record.id}`}
          tabIndex={-1}
          checked={isSelected}
          onCheckedChange={props.onToggle}
        />
      </td>
      <td {...cell(1)} className={cellClass}>
        <button
          type="button"
          tabIndex={-1}
          title={record.id}
          aria-label={`Open record ${record.id}`}
          onClick={props.onOpen}
          className="font-mono text-xs text-accent-ink hover:underline"
        >
          {shortId(record.id)}
        </button>
      </td>
      {columns.map((column, offset) => {
        const value = column.valueOf(record)
        const isEditing = props.editingColumn === column.id
        return (
          <td
            key={column.id}
            {...cell(offset + 2)}
            onDoubleClick={() => (column.editable ? props.onBeginEdit(column) : props.onOpen())}
            className={classNames(
              cellClass,
              column.field.type === 'number' && 'text-right',
              isEditing && 'overflow-visible px-0',
            )}
          >
            {isEditing ? (
              <CellEditor
                column={column}
                value={value}
                onCommit={(next) => props.onEndEdit(column, next)}
                onCancel={() => props.onEndEdit(column, undefined)}
              />
            ) : (
              <CellValue field={column.field} value={value} />
            )}
          </td>
        )
      })}
    </tr>
  )
}
