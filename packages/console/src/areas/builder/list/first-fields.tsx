import { type FieldType, fieldTypes } from '@holdfast/contracts/builder/fields'
import { Plus, Trash2 } from 'lucide-react'
import { useController, useFieldArray } from 'react-hook-form'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Input } from '../../../ui/input.tsx'
import { Select } from '../../../ui/select.tsx'
import { typeWords } from '../strings.ts'

// A reference needs a target and nested types need fields: those come in the schema editor, after this form.
const typeOptions = fieldTypes
  .filter((type) => type !== 'reference')
  .map((value) => ({ value, ...typeWords[value] }))

/** The first few fields of a new API; the schema editor has everything else. */
export function FirstFields({ name }: { name: string }) {
  const { fields, append, remove } = useFieldArray({ name })
  const error = useController({ name }).fieldState.error
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">Fields</legend>
      <ul className="flex flex-col gap-1.5">
        {fields.map((field, index) => (
          <FirstField key={field.id} name={`${name}.${index}`} onRemove={() => remove(index)} />
        ))}
      </ul>
      {typeof error?.message === 'string' && (
        <p role="alert" className="mt-1 text-xs text-bad-ink">
          {error.message}
        </p>
      )}
      <Button
        kind="quiet"
        size="small"
        icon={Plus}
        className="mt-1.5"
        onClick={() => append({ name: '', type: 'string', required: false })}
      >
        Add field
      </Button>
    </fieldset>
  )
}

function FirstField({ name, onRemove }: { name: string; onRemove: () => void }) {
  const fieldName = useController({ name: `${name}.name` })
  const type = useController({ name: `${name}.type` }).field
  const required = useController({ name: `${name}.required` }).field
  const label = String(fieldName.field.value) || 'the unnamed field'
  const error = fieldName.fieldState.error?.message
  return (
    <li>
      <div className="flex items-center gap-1.5 max-sm:flex-wrap">
        <Input
          {...fieldName.field}
          mono
          placeholder="name"
          aria-label="Name of the field"
          aria-invalid={error ? true : undefined}
          className="min-w-0 flex-1 max-sm:basis-full"
        />
        <Select<FieldType>
          aria-label={`Type of ${label}`}
          className="w-36 shrink-0"
          options={typeOptions}
          value={type.value}
          onChange={type.onChange}
        />
        <label className="flex h-8 items-center gap-1.5 px-1 text-xs text-ink-muted">
          <Checkbox
            aria-label={`${label} is required`}
            checked={Boolean(required.value)}
            onCheckedChange={required.onChange}
          />
          Required
        </label>
        <IconButton
          icon={Trash2}
          size="small"
          label={`Remove ${label}`}
          onClick={onRemove}
          className="max-sm:ml-auto"
        />
      </div>
      {error && (
        <p role="alert" className="mt-0.5 text-xs text-bad-ink">
          {error}
        </p>
      )}
    </li>
  )
}
