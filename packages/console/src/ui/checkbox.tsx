import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check, Minus } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classNames } from '../lib/class-names.ts'

export type CheckboxProps = Omit<ComponentProps<typeof Base.Root>, 'className' | 'children'>

/** A tick box; `indeterminate` shows a dash (some of several). Give it a label or an `aria-label`. */
export function Checkbox({ indeterminate = false, ...rest }: CheckboxProps) {
  const Mark = indeterminate ? Minus : Check
  return (
    <Base.Root
      {...rest}
      indeterminate={indeterminate}
      className={classNames(
        'inline-flex align-middle size-4 shrink-0 items-center justify-center rounded-sm border border-field-line bg-surface',
        'data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent',
        'data-disabled:opacity-50 data-invalid:border-bad',
      )}
    >
      <Base.Indicator className="text-on-accent">
        <Mark aria-hidden className="size-3" strokeWidth={3} />
      </Base.Indicator>
    </Base.Root>
  )
}
