import type { ComponentProps } from 'react'
import { Checkbox } from '../checkbox.tsx'
import { Field, ToggleRow } from '../field.tsx'
import { Input } from '../input.tsx'
import { Switch } from '../switch.tsx'
import { Textarea } from '../textarea.tsx'
import { type NamedField, useField } from './use-field.ts'

export interface TextFieldProps extends NamedField {
  type?: 'text' | 'email' | 'password' | 'url' | 'search' | 'tel'
  autoComplete?: string
  autoFocus?: boolean
  placeholder?: string
  mono?: boolean
  inputMode?: ComponentProps<'input'>['inputMode']
}

/** Text. The length that the schema allows is the length that can be typed. */
export function TextField(props: TextFieldProps) {
  const { name, label, hint, disabled = false, className, ...rest } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: limits.optional }}>
      <Input
        {...rest}
        {...field}
        value={field.value ?? ''}
        maxLength={limits.maxLength}
        disabled={disabled}
      />
    </Field>
  )
}

/** A number, sent as a number; an empty field is nothing. */
export function NumberField(props: NamedField & { unit?: string; step?: number }) {
  const { name, label, hint, disabled = false, className, unit, step } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: limits.optional }}>
      <div className="flex items-center gap-2">
        <Input
          {...field}
          type="number"
          inputMode="numeric"
          min={limits.min}
          max={limits.max}
          step={step}
          disabled={disabled}
          className="w-32 tabular-nums"
          value={field.value === undefined || Number.isNaN(field.value) ? '' : String(field.value)}
          onChange={(event) =>
            field.onChange(event.target.value === '' ? Number.NaN : Number(event.target.value))
          }
        />
        {unit && <span className="text-sm text-ink-subtle">{unit}</span>}
      </div>
    </Field>
  )
}

/** Several lines. */
export function TextareaField(
  props: NamedField & { rows?: number; mono?: boolean; placeholder?: string; tall?: boolean },
) {
  const { name, label, hint, disabled = false, className, tall = false, ...rest } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: limits.optional }}>
      <Textarea
        {...rest}
        className={tall ? 'max-h-96 min-h-64 w-full' : 'w-full'}
        {...field}
        value={field.value ?? ''}
        maxLength={limits.maxLength}
        disabled={disabled}
      />
    </Field>
  )
}

/** Yes or no, with its label on the right and its explanation under it. */
export function CheckboxField(props: NamedField) {
  const { name, label, hint, disabled = false, className } = props
  const { field, error } = useField(name)
  return (
    <ToggleRow {...{ label, hint, error, className: className ?? '' }}>
      <Checkbox
        checked={Boolean(field.value)}
        onCheckedChange={field.onChange}
        onBlur={field.onBlur}
        inputRef={field.ref}
        disabled={disabled}
      />
    </ToggleRow>
  )
}

/** On or off, for settings. */
export function SwitchField(props: NamedField) {
  const { name, label, hint, disabled = false, className } = props
  const { field, error } = useField(name)
  return (
    <ToggleRow {...{ label, hint, error, className: className ?? '' }}>
      <Switch
        checked={Boolean(field.value)}
        onCheckedChange={field.onChange}
        onBlur={field.onBlur}
        inputRef={field.ref}
        disabled={disabled}
      />
    </ToggleRow>
  )
}
