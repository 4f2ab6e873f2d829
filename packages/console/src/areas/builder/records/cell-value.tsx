import type { Field } from '@holdfast/contracts/builder/fields'
import { Check, Link2, X } from 'lucide-react'
import { formatExactTime } from '../../../lib/format.ts'
import { Nothing } from '../../../ui/values.tsx'
import { textOf } from '../text-of.ts'
import { referenceLabel } from './labels.ts'

/** A value in the grid: short, one line, and told apart by type. */
export function CellValue({ field, value }: { field: Pick<Field, 'type'>; value: unknown }) {
  if (value === undefined || value === null || value === '') return <Nothing text="No value" />
  switch (field.type) {
    case 'boolean':
      return value === true ? (
        <span className="inline-flex items-center gap-1 align-bottom text-ok-ink">
          <Check aria-hidden className="size-3.5" />
          Yes
        </span>
      ) : (
        <span className="inline-flex items-center gap-1 align-bottom text-ink-subtle">
          <X aria-hidden className="size-3.5" />
          No
        </span>
      )
    case 'datetime': {
      const at = new Date(textOf(value))
      return (
        <time dateTime={textOf(value)} className="tabular-nums">
          {Number.isNaN(at.getTime()) ? textOf(value) : formatExactTime(at)}
        </time>
      )
    }
    case 'reference':
      return (
        <span className="inline-flex max-w-full items-center gap-1 rounded-sm bg-sunken align-middle px-1.5 text-xs leading-5">
          <Link2 aria-hidden className="size-3 shrink-0 text-ink-subtle" />
          <span className="truncate">{referenceLabel(value)}</span>
        </span>
      )
    case 'number':
      return <span className="tabular-nums">{textOf(value)}</span>
    case 'string':
      return <>{textOf(value)}</>
    default:
      return <span className="font-mono text-xs text-ink-muted">{JSON.stringify(value)}</span>
  }
}
