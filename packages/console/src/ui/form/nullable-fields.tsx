import { Field } from '../field.tsx'
import { Input } from '../input.tsx'
import { type NamedField, useField } from './use-field.ts'

/** Text that may be nothing: an emptied field is null, which the contract reads as "not set". */
export function NullableTextField(props: NamedField & { placeholder?: string; mono?: boolean }) {
  const { name, label, hint, disabled = false, className, ...rest } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: true }}>
      <Input
        {...rest}
        {...field}
        autoComplete="off"
        maxLength={limits.maxLength}
        disabled={disabled}
        value={field.value ?? ''}
        onChange={(event) => field.onChange(event.target.value === '' ? null : event.target.value)}
      />
    </Field>
  )
}

/** A number that may be nothing: an emptied field is null. */
export function NullableNumberField(props: NamedField & { unit?: string; placeholder?: string }) {
  const { name, label, hint, disabled = false, className, unit, placeholder } = props
  const { field, limits, error } = useField(name)
  return (
    <Field {...{ label, hint, error, disabled, className: className ?? '', optional: true }}>
      <div className="flex items-center gap-2">
        <Input
          {...field}
          type="number"
          inputMode="numeric"
          min={limits.min}
          max={limits.max}
          placeholder={placeholder}
          disabled={disabled}
          className="w-32 tabular-nums"
          value={field.value ?? ''}
          onChange={(event) => field.onChange(event.target.value === '' ? null : Number(event.target.value))}
        />
        {unit && <span className="text-sm text-ink-subtle">{unit}</span>}
      </div>
    </Field>
  )
}
