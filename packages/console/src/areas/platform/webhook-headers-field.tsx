import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import { useField } from '../../ui/form/use-field.ts'
import { Textarea } from '../../ui/textarea.tsx'

/** Headers as lines of `Name: value`. A masked value that is left alone stays what it is. */
export function WebhookHeadersField({ name }: { name: string }) {
  const { field, error } = useField(name)
  const [text, setText] = useState(() => linesOf(field.value as Record<string, string>))
  return (
    <Field
      label="Headers of your own"
      optional
      error={error}
      hint="One on each line, such as Authorization: Bearer abc. Values are stored encrypted and not shown again."
    >
      <Textarea
        rows={3}
        mono
        value={text}
        onBlur={field.onBlur}
        onChange={(event) => {
          setText(event.target.value)
          field.onChange(headersOf(event.target.value))
        }}
      />
    </Field>
  )
}

function linesOf(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function headersOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return colon < 0 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    }),
  )
}
