import type { ReactNode } from 'react'
import { useController } from 'react-hook-form'
import { Checkbox } from '../../ui/checkbox.tsx'
import { ToggleRow } from '../../ui/field.tsx'
import { messageOf } from './form-errors.ts'

interface OptionalPolicyProps<Policy extends object> {
  name: string
  label: string
  hint: string
  /** What it is when it is switched on. */
  usual: Policy
  children: (value: Policy, change: (changes: Partial<Policy>) => void) => ReactNode
}

/** A policy that a form has or has not: null until it is switched on, then an object that is edited as a whole. */
export function OptionalPolicy<Policy extends object>(props: OptionalPolicyProps<Policy>) {
  const { name, label, hint, usual, children } = props
  const { field, fieldState } = useController({ name })
  const value = (field.value ?? null) as Policy | null
  const error = messageOf(fieldState.error)
  return (
    <fieldset className="flex flex-col gap-3 border-t border-line pt-4">
      <legend className="sr-only">{label}</legend>
      <ToggleRow label={label} hint={hint} error={error}>
        <Checkbox
          checked={value !== null}
          onCheckedChange={(next) => field.onChange(next ? usual : null)}
          onBlur={field.onBlur}
          inputRef={field.ref}
        />
      </ToggleRow>
      {value !== null && (
        <div className="grid gap-3 pl-6.5 sm:grid-cols-2">
          {children(value, (changes) => field.onChange({ ...value, ...changes }))}
        </div>
      )}
    </fieldset>
  )
}
