import { useState } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { textOf } from '../text-of.ts'
import { fromLocalInput, toLocalInput } from './date-input.ts'
import type { GridColumn } from './grid-columns.ts'
import { referenceId } from './labels.ts'
import { ReferencePicker } from './reference-picker.tsx'

export interface CellEditorProps {
  column: GridColumn
  value: unknown
  /** Called with the new value; null empties the field. */
  onCommit: (value: unknown) => void
  onCancel: () => void
}

const inputClass =
  'h-9 w-full border-0 bg-surface px-3 text-sm text-ink outline-2 -outline-offset-2 outline-accent'

/** Changes one value in place: Enter or leaving the cell stores it, Escape lets it be. */
export function CellEditor({ column, value, onCommit, onCancel }: CellEditorProps) {
  const { field } = column
  const [text, setText] = useState(() => startText(field.type, value))
  const commit = () => {
    if (text === startText(field.type, value)) onCancel()
    else onCommit(valueOf(field.type, text))
  }
  const keys = (event: React.KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape') onCancel()
    if (event.key === 'Enter') {
      event.preventDefault()
      commit()
    }
  }
  const label = `New value of ${column.header}`

  if (field.type === 'reference') {
    return (
      <div onKeyDown={(event) => event.key === 'Escape' && onCancel()} className="min-w-48 bg-surface">
        <ReferencePicker
          field={{ refEndpointId: field.refEndpointId ?? null }}
          value={referenceId(value)}
          onChange={onCommit}
        />
      </div>
    )
  }
  const choices = field.type === 'boolean' ? ['true', 'false'] : field.choices
  if (choices) {
    return (
      <select
        autoFocus
        aria-label={label}
        className={inputClass}
        value={text}
        onChange={(event) => onCommit(valueOf(field.type, event.target.value))}
        onBlur={onCancel}
        onKeyDown={keys}
      >
        <option value="">No value</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {field.type === 'boolean' ? (choice === 'true' ? 'Yes' : 'No') : choice}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      autoFocus
      aria-label={label}
      type={field.type === 'number' ? 'number' : field.type === 'datetime' ? 'datetime-local' : 'text'}
      step={field.type === 'number' ? 'any' : 1}
      className={classNames(inputClass, field.type === 'number' && 'text-right tabular-nums')}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onFocus={(event) => field.type !== 'datetime' && event.target.select()}
      onBlur={commit}
      onKeyDown={keys}
    />
  )
}

function startText(type: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (type === 'datetime') return toLocalInput(textOf(value))
  return textOf(value)
}

function valueOf(type: string, text: string): unknown {
  if (text === '') return null
  if (type === 'number') return Number(text)
  if (type === 'boolean') return text === 'true'
  return type === 'datetime' ? fromLocalInput(text) : text
}
