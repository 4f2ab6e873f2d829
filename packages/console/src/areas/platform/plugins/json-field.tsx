import { z } from 'zod'
import { CodeEditor } from '../../../ui/code/code-editor.tsx'
import { useField } from '../../../ui/form/use-field.ts'

/** Text that must be JSON and fit `schema`; every finding is named with its place. */
export function jsonOf<Schema extends z.ZodType>(schema: Schema) {
  return z.string().transform((text, context): z.output<Schema> => {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'This is not JSON. Look for a missing comma or quote.' })
      return z.NEVER
    }
    const checked = schema.safeParse(value)
    if (checked.success) return checked.data
    const findings = checked.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim())
    context.addIssue({ code: 'custom', message: findings.join('; ') })
    return z.NEVER
  })
}

/** A document to write or paste. */
export function JsonField(props: { name: string; label: string; hint?: string; minHeightPx?: number }) {
  const { name, label, hint, minHeightPx = 240 } = props
  const { field, error } = useField(name)
  return (
    <div>
      <div className="mb-1 text-sm font-medium">{label}</div>
      <CodeEditor
        label={label}
        language="json"
        minHeightPx={minHeightPx}
        value={String(field.value ?? '')}
        onChange={field.onChange}
      />
      {error !== undefined && (
        <p role="alert" className="mt-1 text-xs text-bad-ink">
          {error}
        </p>
      )}
      {hint !== undefined && <p className="mt-1 text-xs text-ink-subtle">{hint}</p>}
    </div>
  )
}
