import { Switch as Base } from '@base-ui/react/switch'
import type { ComponentProps } from 'react'
import { classNames } from '../lib/class-names.ts'

export type SwitchProps = Omit<ComponentProps<typeof Base.Root>, 'className' | 'children'>

/** On or off, taking effect at once. In a form that is submitted, prefer a checkbox. */
export function Switch(props: SwitchProps) {
  return (
    <Base.Root
      {...props}
      className={classNames(
        'inline-flex align-middle h-5 w-8 shrink-0 items-center rounded-full bg-field-line p-0.5 transition-colors',
        'data-checked:bg-accent data-disabled:opacity-50',
      )}
    >
      <Base.Thumb className="size-4 rounded-full bg-surface transition-transform data-checked:translate-x-3" />
    </Base.Root>
  )
}
