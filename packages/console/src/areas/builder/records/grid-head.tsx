import { ArrowDown, ArrowUp } from 'lucide-react'
import { classNames } from '../../../lib/class-names.ts'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { TypeIcon } from '../schema/type-icon.tsx'
import type { GridColumn } from './grid-columns.ts'

export interface GridHeadProps {
  columns: readonly GridColumn[]
  sort: string | undefined
  onSortChange: (sort: string | undefined) => void
  allSelected: boolean
  someSelected: boolean
  onSelectAll: (all: boolean) => void
}

const headClass = 'h-8 border-b border-line px-3 text-left text-xs font-medium text-ink-subtle'

/** The names of the columns; a press sorts up, another down, a third not at all. */
export function GridHead(props: GridHeadProps) {
  return (
    <thead className="sticky top-0 z-10 bg-surface">
      <tr>
        <th scope="col" className={headClass}>
          <Checkbox
            aria-label="Select all loaded records"
            checked={props.allSelected}
            indeterminate={props.someSelected && !props.allSelected}
            onCheckedChange={props.onSelectAll}
          />
        </th>
        <th scope="col" className={headClass}>
          Id
        </th>
        {props.columns.map((column) => (
          <HeadCell key={column.id} column={column} sort={props.sort} onSortChange={props.onSortChange} />
        ))}
      </tr>
    </thead>
  )
}

function HeadCell(props: { column: GridColumn } & Pick<GridHeadProps, 'sort' | 'onSortChange'>) {
  const { column, sort, onSortChange } = props
  const isUp = sort === column.id
  const isDown = sort === `-${column.id}`
  const end = column.field.type === 'number'
  const Arrow = isDown ? ArrowDown : ArrowUp
  const next = isUp ? `-${column.id}` : isDown ? undefined : column.id
  const content = (
    <>
      <TypeIcon type={column.field.type} />
      <span className="truncate">{column.header}</span>
    </>
  )
  return (
    <th
      scope="col"
      aria-sort={isUp ? 'ascending' : isDown ? 'descending' : undefined}
      className={classNames(headClass, end && 'text-right')}
    >
      {column.sortable ? (
        <button
          type="button"
          onClick={() => onSortChange(next)}
          className={classNames(
            'group inline-flex max-w-full items-center gap-1.5 rounded-sm align-middle hover:text-ink',
            end && 'flex-row-reverse',
            (isUp || isDown) && 'text-ink',
          )}
        >
          {content}
          <Arrow
            aria-hidden
            className={classNames('size-3 shrink-0', !isUp && !isDown && 'opacity-0 group-hover:opacity-60')}
          />
        </button>
      ) : (
        <span className="inline-flex max-w-full items-center gap-1.5 align-middle">{content}</span>
      )}
    </th>
  )
}
