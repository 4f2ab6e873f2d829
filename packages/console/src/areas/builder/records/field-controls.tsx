import type { Field as SchemaField } from '@holdfast/contracts/builder/fields'
import { CodeEditor } from '../../../ui/code/code-editor.tsx'
import { Field } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Select } from '../../../ui/select.tsx'
import { Textarea } from '../../../ui/textarea.tsx'
import { textOf } from '../text-of.ts'
import { fromLocalInput, toLocalInput } from './date-input.ts'
import { type FormValues, isJsonField } from './record-values.ts'
import { ReferencePicker } from './reference-picker.tsx'

export interface FieldControlsProps {
  fields: readonly SchemaField[]
  values: FormValues
  errors: ReadonlyMap<string, string>
  /** Where these fields stand: `size.`, or nothing at the top. */
  path: string
  disabled: boolean
  onChange: (values: FormValues) => void
}

/** The fields of a record, each with the control of its type. */
export function FieldControls({ fields, values, errors, path, disabled, onChange }: FieldControlsProps) {
  return fields.map((field) => {
    const set = (value: unknown) => onChange({ ...values, [field.name]: value })
    const at = path + field.name
    if (field.type === 'object' && !isJsonField(field)) {
      return (
        <fieldset key={field.id} className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3">
          <legend className="px-1 text-sm font-medium">{field.name}</legend>
          <FieldControls
            fields={field.children}
            values={readObject(values[field.name])}
            errors={errors}
            path={`${at}.`}
            disabled={disabled}
            onChange={set}
          />
        </fieldset>
      )
    }
    return (
      <Field
        key={field.id}
        label={<span className="font-mono text-xs">{field.name}</span>}
        hint={field.description || undefined}
        optional={!field.required}
        error={errors.get(at)}
        disabled={disabled}
      >
        <FieldControl field={field} value={values[field.name]} disabled={disabled} onChange={set} />
      </Field>
    )
  })
}

const none = ':none'
/** A text that may be longer than this gets several lines. */
const oneLineMax = 200

interface FieldControlProps {
  field: SchemaField
  value: unknown
  disabled: boolean
  onChange: (value: unknown) => void
}

function FieldControl({ field, value, disabled, onChange }: FieldControlProps) {
  if (isJsonField(field)) {
    return (
      <CodeEditor
        label={field.name}
        language="json"
        minHeightPx={80}
        readOnly={disabled}
        value={typeof value === 'string' ? value : ''}
        onChange={onChange}
      />
    )
  }
  if (field.type === 'reference') {
    return (
      <ReferencePicker
        field={field}
        value={typeof value === 'string' ? value : null}
        disabled={disabled}
        onChange={onChange}
      />
    )
  }
  if (field.type === 'boolean' || field.choices) {
    const options =
      field.type === 'boolean'
        ? [
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]
        : (field.choices ?? []).map((choice) => ({ value: choice, label: choice }))
    return (
      <Select
        options={field.required ? options : [{ value: none, label: 'No value' }, ...options]}
        value={value === null || value === undefined ? (field.required ? null : none) : textOf(value)}
        disabled={disabled}
        onChange={(next) =>
          onChange(next === none ? null : field.type === 'boolean' ? next === 'true' : next)
        }
      />
    )
  }
  if (field.type === 'number') {
    return (
      <Input
        type="number"
        step="any"
        className="tabular-nums"
        min={field.minimum ?? undefined}
        max={field.maximum ?? undefined}
        value={typeof value === 'number' ? value : ''}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
      />
    )
  }
  if (field.type === 'datetime') {
    return (
      <Input
        type="datetime-local"
        step={1}
        value={typeof value === 'string' ? toLocalInput(value) : ''}
        disabled={disabled}
        onChange={(event) => onChange(fromLocalInput(event.target.value))}
      />
    )
  }
  const text = typeof value === 'string' ? value : ''
  const isLong = text.length > oneLineMax || text.includes('\n') || (field.maxLength ?? 0) > oneLineMax
  if (isLong) {
    return (
      <Textarea
        value={text}
        maxLength={field.maxLength ?? undefined}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  }
  return (
    <Input
      value={text}
      maxLength={field.maxLength ?? undefined}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function readObject(value: unknown): FormValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
