import { Progress as Base } from '@base-ui/react/progress'
import { classNames } from '../lib/class-names.ts'

export interface ProgressProps {
  label: string
  /** 0 to 1, or null while nobody knows how much there is. */
  value: number | null
  /** What the number means: "12,400 of 50,000 rows". */
  detail?: string
}

/** How far something is. An unknown amount moves without pretending to a number. */
export function Progress({ label, value, detail }: ProgressProps) {
  return (
    <Base.Root
      value={value === null ? null : Math.round(value * 100)}
      className="grid grid-cols-[1fr_auto] gap-x-2 gap-y-1"
    >
      <Base.Label className="text-sm">{label}</Base.Label>
      <span className="text-xs leading-5 text-ink-subtle tabular-nums">
        {detail ?? (value === null ? '' : `${Math.round(value * 100)} %`)}
      </span>
      <Base.Track className="col-span-2 h-1.5 overflow-hidden rounded-full bg-sunken">
        <Base.Indicator
          className={classNames(
            'h-full rounded-full bg-accent transition-[width]',
            value === null && 'w-1/3 animate-pulse',
          )}
        />
      </Base.Track>
    </Base.Root>
  )
}
