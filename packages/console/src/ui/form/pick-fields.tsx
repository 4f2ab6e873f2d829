import { Combobox, type ComboboxOption, MultiCombobox } from '../combobox.tsx'
import { Field } from '../field.tsx'
import { Select, type SelectOption } from '../select.tsx'
import { type NamedField, useField } from './use-field.ts'

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
