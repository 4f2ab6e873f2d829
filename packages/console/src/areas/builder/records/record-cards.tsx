import { ChevronRight } from 'lucide-react'
import type { StoredRecord } from './api.ts'
import { CellValue } from './cell-value.tsx'
import type { GridColumn } from './grid-columns.ts'
import { recordLabel } from './labels.ts'

export interface RecordCardsProps {
  columns: readonly GridColumn[]
  records: readonly StoredRecord[]
  onOpen: (record: StoredRecord) => void
}

/** More than this a thumb does not want; the record has the rest. */
const fieldsMax = 5

/** Records on a phone: one card each, opened for everything else. */
export function RecordCards({ columns, records, onOpen }: RecordCardsProps) {
  return (
    <ul className="flex flex-col gap-2">
      {records.map((record) => {
        const label = recordLabel(record)
        const shown = columns.filter((column) => column.valueOf(record) !== label).slice(0, fieldsMax)
        return (
          <li key={record.id} className="relative rounded-md border border-line bg-surface p-3">
            <button
              type="button"
              onClick={() => onOpen(record)}
              className="flex w-full items-center gap-2 text-left text-base font-medium after:absolute after:inset-0"
            >
              <span className="min-w-0 flex-1 truncate">{label}</span>
              <ChevronRight aria-hidden className="size-4 text-ink-subtle" />
            </button>
            <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
              {shown.map((column) => (
                <div key={column.id} className="contents">
                  <dt className="text-ink-subtle">{column.header}</dt>
                  <dd className="min-w-0 truncate text-right">
                    <CellValue field={column.field} value={column.valueOf(record)} />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        )
      })}
    </ul>
  )
}
