import type { ComponentProps, ReactNode } from 'react'
import { useController } from 'react-hook-form'
import { Checkbox } from '../checkbox.tsx'
import { Combobox, type ComboboxOption, MultiCombobox } from '../combobox.tsx'
import { Field, ToggleRow } from '../field.tsx'
import { Input } from '../input.tsx'
import { Select, type SelectOption } from '../select.tsx'
import { Switch } from '../switch.tsx'
import { Textarea } from '../textarea.tsx'
import { useLimits } from './limits.ts'

interface NamedField {
  name: string
  label: ReactNode
  hint?: ReactNode
  disabled?: boolean
  className?: string
}

/** Joins a field of the form around it with its limits; every field below stands on this. */
function useField(name: string) {
  const { field, fieldState } = useController({ name })
  const limits = useLimits(name)
  return { field, limits, error: fieldState.error?.message }
}

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
export function TextareaField(props: NamedField & { rows?: number; mono?: boolean; placeholder?: string }) {
  const { name, label, hint, disabled = false, className, ...rest } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: limits.optional }}>
      <Textarea
        {...rest}
        {...field}
        value={field.value ?? ''}
        maxLength={limits.maxLength}
        disabled={disabled}
      />
    </Field>
  )
}

/** One of a few. */
export function SelectField(
  props: NamedField & { options: ReadonlyArray<SelectOption<string>>; placeholder?: string },
) {
  const { name, label, hint, disabled = false, className, options, placeholder } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: limits.optional }}>
      <Select
        options={options}
        value={field.value ?? null}
        onChange={field.onChange}
        onBlur={field.onBlur}
        inputRef={field.ref}
        disabled={disabled}
        {...(placeholder ? { placeholder } : {})}
      />
    </Field>
  )
}

interface PickFieldProps extends NamedField {
  options: readonly ComboboxOption[]
  placeholder?: string
  onSearch?: (text: string) => void
}

/** One of many, found by typing. */
export function ComboboxField(props: PickFieldProps) {
  const { name, label, hint, disabled = false, className, ...rest } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: limits.optional }}>
      <Combobox
        {...rest}
        value={field.value ?? null}
        onChange={field.onChange}
        onBlur={field.onBlur}
        inputRef={field.ref}
        disabled={disabled}
      />
    </Field>
  )
}

/** Several of many, as chips. */
export function MultiComboboxField(props: PickFieldProps) {
  const { name, label, hint, disabled = false, className, ...rest } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: limits.optional }}>
      <MultiCombobox
        {...rest}
        value={field.value ?? []}
        onChange={field.onChange}
        onBlur={field.onBlur}
        inputRef={field.ref}
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
