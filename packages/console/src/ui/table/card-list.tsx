import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../button.tsx'
import { Checkbox } from '../checkbox.tsx'
import { type ListProps, skeletonRows, virtualizeAbove } from './list-props.ts'

const estimatedCardHeightPx = 96

/** The phone shape of a list: each row a card, its title first and the other columns as pairs under it. */
export function CardList<Row extends object>(props: ListProps<Row>) {
  const { table, columns, loading, selectable, onOpen } = props
  const scroller = useRef<HTMLDivElement>(null)
  const rows = table.getRowModel().rows
  const virtual = rows.length > virtualizeAbove
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimatedCardHeightPx,
    overscan: 6,
    enabled: virtual,
  })
  const items = virtual ? virtualizer.getVirtualItems() : rows.map((_, index) => ({ index, start: 0 }))
  const visible = new Set(table.getVisibleLeafColumns().map((column) => column.id))
  const shown = columns.filter((column) => visible.has(column.id))
  const title = shown.find((column) => column.isTitle) ?? shown[0]
  const rest = shown.filter((column) => column !== title)

  return (
    <div ref={scroller} className={classNames(virtual && 'max-h-[calc(100dvh-12rem)] overflow-auto')}>
      <ul
        aria-label={props.label}
        aria-busy={loading}
        className={virtual ? 'relative' : 'flex flex-col gap-2'}
        style={virtual ? { height: virtualizer.getTotalSize() } : {}}
      >
        {loading &&
          Array.from({ length: skeletonRows / 2 }, (_, index) => (
            <li key={index} className="rounded-md border border-line bg-surface p-3">
              <div className="h-4 w-2/5 animate-pulse rounded-sm bg-sunken" />
              <div className="mt-3 h-3 w-4/5 animate-pulse rounded-sm bg-sunken" />
            </li>
          ))}
        {items.map(({ index, start }) => {
          const row = rows[index]
          if (!row) return null
          return (
            <li
              key={row.id}
              data-index={index}
              ref={virtual ? virtualizer.measureElement : undefined}
              className={virtual ? 'absolute inset-x-0 pb-2' : undefined}
              style={virtual ? { transform: `translateY(${start}px)` } : {}}
            >
              <div
                className={classNames(
                  'relative rounded-md border border-line bg-surface p-3',
                  row.getIsSelected() && 'border-accent bg-accent-soft',
                )}
              >
                <div className="flex min-h-6 items-center gap-2">
                  {selectable && (
                    <span className="relative z-10 flex size-6 items-center justify-center">
                      <Checkbox
                        aria-label={`Select row ${index + 1}`}
                        checked={row.getIsSelected()}
                        onCheckedChange={(checked) => row.toggleSelected(checked)}
                      />
                    </span>
                  )}
                  {onOpen ? (
                    <button
                      type="button"
                      onClick={() => onOpen(row.original)}
                      className="min-w-0 truncate text-left text-base font-medium after:absolute after:inset-0"
                    >
                      {title?.cell(row.original)}
                    </button>
                  ) : (
                    <span className="min-w-0 truncate text-base font-medium">
                      {title?.cell(row.original)}
                    </span>
                  )}
                </div>
                <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
                  {rest.map((column) => (
                    <div key={column.id} className="contents">
                      <dt className={column.header ? 'text-ink-subtle' : 'sr-only'}>
                        {column.header || column.id}
                      </dt>
                      <dd className="pointer-events-none relative z-10 min-w-0 truncate text-right [&_a]:pointer-events-auto [&_button]:pointer-events-auto">
                        {column.cell(row.original)}
                      </dd>
                    </div>
                  ))}
                </dl>
              </div>
            </li>
          )
        })}
      </ul>
      {props.onMore && (
        <Button kind="secondary" className="mt-3 w-full" busy={props.loadingMore} onClick={props.onMore}>
          Show more
        </Button>
      )}
    </div>
  )
}
