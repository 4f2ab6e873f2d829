import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRef } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../button.tsx'
import { Checkbox } from '../checkbox.tsx'
import { type ListProps, rowHeightPx, skeletonRows, virtualizeAbove } from './list-props.ts'
import { useRowKeys } from './use-row-keys.ts'

const cellClass = 'truncate px-3 first:pl-4 last:pr-4'

/** The desk shape of a list: a real table with 36 px rows, a sticky header and keys. */
export function RowTable<Row extends object>(props: ListProps<Row>) {
  const { table, columns, loading, selectable, onOpen } = props
  const scroller = useRef<HTMLDivElement>(null)
  const rows = table.getRowModel().rows
  const virtual = rows.length > virtualizeAbove
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    enabled: virtual,
  })
  const items = virtualizer.getVirtualItems()
  const from = virtual ? (items[0]?.index ?? 0) : 0
  const to = virtual ? (items.at(-1)?.index ?? -1) + 1 : rows.length

  const keys = useRowKeys({
    count: rows.length,
    onOpen: onOpen && ((index) => rows[index] && onOpen(rows[index].original)),
    onToggle: selectable ? (index) => rows[index]?.toggleSelected() : undefined,
    onMove: (index) => {
      if (virtual) virtualizer.scrollToIndex(index)
      requestAnimationFrame(() =>
        scroller.current
          ?.querySelector<HTMLElement>(`[data-row="${index}"]`)
          ?.focus({ preventScroll: virtual }),
      )
    },
  })

  const visible = table.getVisibleLeafColumns()
  const span = visible.length + (selectable ? 1 : 0)
  return (
    <div
      ref={scroller}
      className={classNames(
        'relative overflow-auto rounded-md border border-line bg-surface',
        virtual && 'max-h-[max(20rem,calc(100dvh-15rem))]',
      )}
    >
      <table
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        aria-busy={loading}
        className="w-full min-w-160 table-fixed border-separate border-spacing-0 text-sm"
        onKeyDown={keys.onKeyDown}
      >
        <colgroup>
          {selectable && <col className="w-10" />}
          {visible.map((column) => (
            <col key={column.id} style={{ width: columns.find(({ id }) => id === column.id)?.width }} />
          ))}
        </colgroup>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr>
            {selectable && (
              <th scope="col" className="h-8 border-b border-line pl-4 text-left">
                <Checkbox
                  aria-label="Select all rows"
                  checked={table.getIsAllRowsSelected()}
                  indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                  onCheckedChange={(checked) => table.toggleAllRowsSelected(checked)}
                />
              </th>
            )}
            {visible.map((column) => {
              const spec = columns.find(({ id }) => id === column.id)
              const sorted = column.getIsSorted()
              const end = spec?.align === 'end'
              const Arrow = sorted === 'desc' ? ArrowDown : ArrowUp
              return (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
                  className={classNames(
                    'h-8 border-b border-line text-xs font-medium text-ink-subtle',
                    cellClass,
                    end ? 'text-right' : 'text-left',
                  )}
                >
                  {column.getCanSort() ? (
                    <button
                      type="button"
                      onClick={column.getToggleSortingHandler()}
                      className={classNames(
                        'group inline-flex items-center gap-1 rounded-sm hover:text-ink',
                        end && 'flex-row-reverse',
                        sorted && 'text-ink',
                      )}
                    >
                      {spec?.header}
                      <Arrow
                        aria-hidden
                        className={classNames('size-3', !sorted && 'opacity-0 group-hover:opacity-60')}
                      />
                    </button>
                  ) : (
                    spec?.header
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {loading &&
            Array.from({ length: skeletonRows }, (_, index) => (
              <tr key={index} className="h-9">
                {Array.from({ length: span }, (_, cell) => (
                  <td key={cell} className={classNames('border-b border-line', cellClass)}>
                    <div className="h-3 w-3/5 animate-pulse rounded-sm bg-sunken" />
                  </td>
                ))}
              </tr>
            ))}
          {virtual && from > 0 && <Spacer heightPx={from * rowHeightPx} span={span} />}
          {rows.slice(from, to).map((row, offset) => {
            const index = from + offset
            const selected = row.getIsSelected()
            return (
              <tr
                key={row.id}
                data-row={index}
                aria-rowindex={index + 2}
                aria-selected={selectable ? selected : undefined}
                tabIndex={index === keys.activeIndex ? 0 : -1}
                onFocus={() => keys.setActiveIndex(index)}
                onClick={onOpen && ((event) => isPlainClick(event) && onOpen(row.original))}
                className={classNames(
                  'h-9 focus-visible:-outline-offset-2',
                  selected ? 'bg-accent-soft' : onOpen && 'hover:bg-hover',
                )}
              >
                {selectable && (
                  <td className="border-b border-line pl-4">
                    <Checkbox
                      aria-label={`Select row ${index + 1}`}
                      tabIndex={-1}
                      checked={selected}
                      onCheckedChange={(checked) => row.toggleSelected(checked)}
                    />
                  </td>
                )}
                {row.getVisibleCells().map((cell) => {
                  const spec = columns.find(({ id }) => id === cell.column.id)
                  return (
                    <td
                      key={cell.id}
                      className={classNames(
                        'border-b border-line',
                        cellClass,
                        spec?.align === 'end' && 'text-right tabular-nums',
                        spec?.isTitle && 'font-medium',
                      )}
                    >
                      {spec?.cell(row.original)}
                    </td>
                  )
                })}
              </tr>
            )
          })}
          {virtual && to < rows.length && <Spacer heightPx={(rows.length - to) * rowHeightPx} span={span} />}
        </tbody>
      </table>
      {props.onMore && (
        <div className="flex justify-center p-2">
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

/** A click on the row itself, not on a button, a link or a box inside it, and not the end of selecting text. */
function isPlainClick(event: React.MouseEvent): boolean {
  const onControl =
    event.target instanceof Element && event.target.closest('a, button, input, label, [role="checkbox"]')
  return !onControl && !window.getSelection()?.toString()
}
