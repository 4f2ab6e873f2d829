import { Field } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import type { DraftField } from './draft.ts'

type LimitName = 'minimum' | 'maximum' | 'minLength' | 'maxLength'

const limits: Partial<Record<DraftField['type'], ReadonlyArray<{ name: LimitName; label: string }>>> = {
  number: [
    { name: 'minimum', label: 'Smallest value' },
    { name: 'maximum', label: 'Largest value' },
  ],
  string: [
    { name: 'minLength', label: 'Fewest characters' },
    { name: 'maxLength', label: 'Most characters' },
  ],
  array: [
    { name: 'minLength', label: 'Fewest items' },
    { name: 'maxLength', label: 'Most items' },
  ],
}

export interface FieldLimitInputsProps {
  field: DraftField
  disabled: boolean
  onChange: (changes: Partial<DraftField>) => void
}

/** The bounds that a type can have. */
export function FieldLimitInputs({ field, disabled, onChange }: FieldLimitInputsProps) {
  return (limits[field.type] ?? []).map(({ name, label }) => (
    <Field key={name} label={label} optional>
      <Input
        type="number"
        min={name === 'minLength' || name === 'maxLength' ? 0 : undefined}
        step={field.type === 'number' ? 'any' : 1}
        value={field[name] ?? ''}
        disabled={disabled}
        onChange={(event) =>
          onChange({ [name]: event.target.value === '' ? null : Number(event.target.value) })
        }
      />
    </Field>
  ))
}
