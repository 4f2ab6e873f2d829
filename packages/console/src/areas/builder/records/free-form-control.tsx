import { CodeEditor } from '../../../ui/code/code-editor.tsx'
import { textOf } from '../text-of.ts'
import { type FormValues, freeFormKey } from './record-values.ts'

export interface FreeFormControlProps {
  values: FormValues
  errors: ReadonlyMap<string, string>
  disabled: boolean
  onChange: (values: FormValues) => void
}

/** A record without a schema: its JSON, as it is stored. */
export function FreeFormControl({ values, errors, disabled, onChange }: FreeFormControlProps) {
  const error = errors.get(freeFormKey)
  return (
    <div>
      <div className="mb-1 text-sm font-medium">Record</div>
      <CodeEditor
        label="Record"
        language="json"
        minHeightPx={240}
        readOnly={disabled}
        value={textOf(values[freeFormKey])}
        onChange={(text) => onChange({ [freeFormKey]: text })}
      />
      {error && (
        <p role="alert" className="mt-1 text-xs text-bad-ink">
          {error}
        </p>
      )}
    </div>
  )
}
