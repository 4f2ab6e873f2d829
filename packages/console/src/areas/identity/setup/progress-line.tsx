import { Check } from 'lucide-react'
import { classNames } from '../../../lib/class-names.ts'

/** How far the first run is. `current` counts from 1. */
export function ProgressLine({ steps, current }: { steps: readonly string[]; current: number }) {
  return (
    <ol aria-label="Steps" className="my-8 grid grid-cols-4 gap-2">
      {steps.map((step, index) => {
        const number = index + 1
        const done = number < current || current === steps.length
        return (
          <li
            key={step}
            aria-current={number === current ? 'step' : undefined}
            className="flex flex-col gap-2"
          >
            <span
              aria-hidden
              className={classNames('h-1 rounded-full', number <= current ? 'bg-accent' : 'bg-line-strong')}
            />
            <span
              className={classNames(
                'flex items-center gap-1 text-xs',
                number === current ? 'font-medium text-ink' : 'text-ink-subtle',
              )}
            >
              {done && <Check aria-hidden className="size-3 shrink-0 text-accent-ink" />}
              {step}
              {done && <span className="sr-only">(done)</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
