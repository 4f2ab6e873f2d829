import { Field } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Select } from '../../../ui/select.tsx'
import type { DraftField } from './draft.ts'

const none = ':none'

export interface FieldDefaultProps {
  field: DraftField
  disabled: boolean
  onChange: (text: string) => void
}

/** What a new record gets when the field is absent. */
export function FieldDefault({ field, disabled, onChange }: FieldDefaultProps) {
  const isJson = field.type === 'object' || field.type === 'array' || field.type === 'json'
  const hint = isJson
    ? 'JSON. Used on create when the field is absent.'
    : 'Used on create when the field is absent.'
  if (field.type === 'boolean') {
    return (
      <Field label="Default" optional hint={hint}>
        <Select
          options={[
            { value: none, label: 'No default' },
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
          value={field.defaultText || none}
          disabled={disabled}
          onChange={(value) => onChange(value === none ? '' : value)}
        />
      </Field>
    )
  }
  return (
    <Field label="Default" optional hint={hint}>
      <Input
        mono={field.type !== 'string'}
        value={field.defaultText}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
