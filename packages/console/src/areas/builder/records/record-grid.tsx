import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import type { StoredRecord } from './api.ts'
import type { GridColumn } from './grid-columns.ts'
import { GridHead } from './grid-head.tsx'
import { GridRow } from './grid-row.tsx'
import { type CellPlace, useGridKeys } from './use-grid-keys.ts'

export interface RecordGridProps {
  label: string
  columns: readonly GridColumn[]
  records: readonly StoredRecord[]
  total: number
  sort: string | undefined
  onSortChange: (sort: string | undefined) => void
  selected: ReadonlySet<string>
  onSelectedChange: (ids: ReadonlySet<string>) => void
  /** Rows that have just changed. */
  changed: ReadonlySet<string>
  onOpen: (record: StoredRecord) => void
  /** With the record as it was when editing began: it may have been changed on the screen since. */
  onEdit: (seen: StoredRecord, column: GridColumn, value: unknown) => void
  onMore: (() => void) | undefined
  loadingMore: boolean
}

const rowHeightPx = 36
const selectWidthPx = 40
const idWidthPx = 96

/** Records as a sheet: only the rows on screen exist, cells are walked and changed by keyboard. */
export function RecordGrid(props: RecordGridProps) {
  const { columns, records, selected } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [editing, setEditing] = useState<{ seen: StoredRecord; column: string } | null>(null)
  const virtualizer = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
  })
  const toggle = (id: string) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    props.onSelectedChange(next)
  }
  const edit = ({ row, column }: CellPlace) => {
    const record = records[row]
    const target = columns[column - 2]
    if (!record) return
    if (column === 0) toggle(record.id)
    else if (target?.editable) setEditing({ seen: record, column: target.id })
    else props.onOpen(record)
  }
  const keys = useGridKeys({
    root: scroller,
    rows: records.length,
    columns: columns.length + 2,
    onMove: ({ row }) => virtualizer.scrollToIndex(row),
    onEnter: edit,
    onOpen: (row) => records[row] && props.onOpen(records[row]),
    onToggle: (row) => records[row] && toggle(records[row].id),
  })
  const items = virtualizer.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)
  const widthPx = selectWidthPx + idWidthPx + columns.reduce((sum, column) => sum + column.widthPx, 0)
  const allSelected = records.length > 0 && records.every((record) => selected.has(record.id))
  return (
    <div
      ref={scroller}
      className="max-h-[max(20rem,calc(100dvh-17rem))] overflow-auto rounded-md border border-line bg-surface"
    >
      <table
        role="grid"
        aria-label={props.label}
        aria-rowcount={props.total + 1}
        aria-colcount={columns.length + 2}
        aria-multiselectable
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
        style={{ minWidth: widthPx }}
        onKeyDown={keys.onKeyDown}
      >
        <colgroup>
          <col style={{ width: selectWidthPx }} />
          <col style={{ width: idWidthPx }} />
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.widthPx }} />
          ))}
        </colgroup>
        <GridHead
          columns={columns}
          sort={props.sort}
          onSortChange={props.onSortChange}
          allSelected={allSelected}
          someSelected={selected.size > 0}
          onSelectAll={(all) =>
            props.onSelectedChange(new Set(all ? records.map((record) => record.id) : []))
          }
        />
        <tbody>
          {before > 0 && <Spacer heightPx={before} span={columns.length + 2} />}
          {items.map(({ index }) => {
            const record = records[index]
            if (!record) return null
            return (
              <GridRow
                key={record.id}
                record={record}
                index={index}
                columns={columns}
                isSelected={selected.has(record.id)}
                isChanged={props.changed.has(record.id)}
                activeColumn={keys.place.row === index ? keys.place.column : null}
                editingColumn={editing?.seen.id === record.id ? editing.column : null}
                onFocusCell={(column) => keys.setPlace({ row: index, column })}
                onToggle={() => toggle(record.id)}
                onOpen={() => props.onOpen(record)}
                onBeginEdit={(column) => setEditing({ seen: record, column: column.id })}
                onEndEdit={(column, value) => {
                  const seen = editing?.seen ?? record
                  setEditing(null)
                  keys.focus({ row: index, column: columns.indexOf(column) + 2 })
                  if (value !== undefined) props.onEdit(seen, column, value)
                }}
              />
            )
          })}
          {after > 0 && <Spacer heightPx={after} span={columns.length + 2} />}
        </tbody>
      </table>
      {props.onMore && (
        <div className="sticky left-0 flex justify-center p-2">
          <Button kind="quiet" size="small" busy={props.loadingMore} onClick={props.onMore}>
            Show more
          </Button>
        </div>
      )}
    </div>
  )
}

function Spacer({ heightPx, span }: { heightPx: number; span: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height: heightPx }} />
    </tr>
  )
}
