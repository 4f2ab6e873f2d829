import { Field as Base } from '@base-ui/react/field'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export interface FieldProps {
  label: ReactNode
  /** What to write here and what it is for, under the control. */
  hint?: ReactNode
  error?: string | undefined
  /** Says "optional" beside the label; required is the silent default. */
  optional?: boolean
  /** Keeps the label for screen readers only, where the place already says it. */
  hideLabel?: boolean
  disabled?: boolean
  className?: string
  children: ReactNode
}

/** Label, control, hint and error as one thing: the control inside is described by all of them. */
export function Field(props: FieldProps) {
  const { label, hint, error, optional, hideLabel, disabled = false, className, children } = props
  return (
    <Base.Root
      invalid={Boolean(error)}
      disabled={disabled}
      className={classNames('flex min-w-0 flex-col gap-1', className)}
    >
      <Base.Label className={hideLabel ? 'sr-only' : 'text-sm font-medium text-ink'}>
        {label}
        {/* The space is for who hears the label: "Login optional". */}
        {optional && <span className="ml-1 font-normal text-ink-subtle"> optional</span>}
      </Base.Label>
      {children}
      {error && (
        <Base.Error match className="flex items-start gap-1 text-xs text-bad-ink">
          <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {error}
        </Base.Error>
      )}
      {hint && <Base.Description className="text-xs text-ink-subtle">{hint}</Base.Description>}
    </Base.Root>
  )
}

/** A switch or a box with its label on the right and its explanation under the label. */
export function ToggleRow({
  label,
  hint,
  error,
  className,
  children,
}: Omit<FieldProps, 'optional' | 'hideLabel'>) {
  return (
    <Base.Root invalid={Boolean(error)} className={classNames('flex min-w-0 items-start gap-2.5', className)}>
      <span className="flex h-5 items-center">{children}</span>
      <div className="min-w-0">
        <Base.Label className="block text-sm font-medium text-ink">{label}</Base.Label>
        {hint && <Base.Description className="text-xs text-ink-subtle">{hint}</Base.Description>}
        {error && (
          <Base.Error match className="text-xs text-bad-ink">
            {error}
          </Base.Error>
        )}
      </div>
    </Base.Root>
  )
}

/** The shared look of everything a person types into or picks from. Its width is the caller's: two widths would fight. */
export const controlClass = classNames(
  'rounded-md border border-field-line bg-surface px-2.5 text-sm text-ink placeholder:text-ink-subtle',
  'h-8 pointer-coarse:h-10 pointer-coarse:text-lg',
  'focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-accent',
  'data-invalid:border-bad disabled:bg-sunken disabled:text-ink-muted data-disabled:bg-sunken data-disabled:text-ink-muted',
)
