import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { Input } from '../../../ui/input.tsx'
import { Select } from '../../../ui/select.tsx'
import { fromLocalInput, toLocalInput } from './date-input.ts'
import type { FilterableField } from './filterable-fields.ts'
import { operatorsFor, operatorWords } from './operator-words.ts'
import { ReferencePicker } from './reference-picker.tsx'
import type { Condition, Operator } from './view.ts'

export interface ConditionFormProps {
  choices: readonly FilterableField[]
  initial?: Condition
  onDone: (condition: Condition) => void
}

/** One condition: field, comparison, value. */
export function ConditionForm({ choices, initial, onDone }: ConditionFormProps) {
  const [name, setName] = useState(initial?.[0] ?? choices[0]?.name ?? '')
  const field = choices.find((one) => one.name === name)
  const allowed = operatorsFor(field?.type ?? 'string')
  const [chosen, setOperator] = useState<Operator>(initial?.[1] ?? 'eq')
  const operator = allowed.includes(chosen) ? chosen : (allowed[0] ?? 'eq')
  const [typed, setValue] = useState(initial?.[2] ?? '')
  const value = operator === 'exists' || field?.type === 'boolean' ? typed || 'true' : typed
  if (!field) return null
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        // The form stands in a popover inside the page; only this one is meant.
        event.stopPropagation()
        if (value.trim() !== '') onDone([name, operator, value.trim()])
      }}
    >
      <Field label="Field">
        <Select
          options={choices.map((one) => ({ value: one.name, label: one.name }))}
          value={name}
          onChange={(next) => {
            setName(next)
            setValue('')
          }}
        />
      </Field>
      <Field label="Comparison">
        <Select<Operator>
          options={allowed.map((one) => ({ value: one, label: operatorWords[one] }))}
          value={operator}
          onChange={(next) => {
            setOperator(next)
            if (next === 'exists' || operator === 'exists') setValue('')
          }}
        />
      </Field>
      <Field label="Value" hint={operator === 'in' ? 'Several, with commas between them.' : undefined}>
        <ConditionValue field={field} operator={operator} value={value} onChange={setValue} />
      </Field>
      <div className="flex justify-end">
        <Button kind="primary" type="submit" disabled={value.trim() === ''}>
          Apply
        </Button>
      </div>
    </form>
  )
}

interface ConditionValueProps {
  field: FilterableField
  operator: Operator
  value: string
  onChange: (value: string) => void
}

function ConditionValue({ field, operator, value, onChange }: ConditionValueProps) {
  if (operator === 'exists' || field.type === 'boolean') {
    return (
      <Select
        options={[
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ]}
        value={value}
        onChange={onChange}
      />
    )
  }
  if (field.type === 'reference' && operator !== 'in') {
    return (
      <ReferencePicker
        field={{ refEndpointId: field.refEndpointId ?? null }}
        value={value || null}
        onChange={(id) => onChange(id ?? '')}
      />
    )
  }
  if (field.type === 'datetime' && operator !== 'in') {
    return (
      <Input
        type="datetime-local"
        step={1}
        value={toLocalInput(value)}
        onChange={(event) => onChange(fromLocalInput(event.target.value) ?? '')}
      />
    )
  }
  if (field.choices && (operator === 'eq' || operator === 'ne')) {
    return (
      <Select
        options={field.choices.map((choice) => ({ value: choice, label: choice }))}
        value={value || null}
        onChange={onChange}
      />
    )
  }
  const isNumber = field.type === 'number' && operator !== 'in'
  return (
    <Input
      autoFocus
      type={isNumber ? 'number' : 'text'}
      step={isNumber ? 'any' : undefined}
      maxLength={1_000}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
