import { type ConfigEntry, updateConfig } from '@holdfast/contracts/platform/config'
import { useQueryClient } from '@tanstack/react-query'
import { RotateCcw, Trash2 } from 'lucide-react'
import { z } from 'zod'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { CheckboxField, TextareaField, TextField } from '../../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { notify, notifyProblem } from '../../../ui/toast.ts'

/** A value as it is typed: JSON, and what is no JSON is text. */
const typedValue = z.string().max(16_384)
const reason = z.string().max(500).optional()
const changeForm = z.object({ value: typedValue, reason })
const newForm = z.object({
  key: z.string().min(1, 'must not be empty').max(255),
  value: typedValue,
  is_sensitive: z.boolean(),
  reason,
})

type JsonValue = z.output<ReturnType<typeof z.json>>

function valueOf(text: string): JsonValue {
  try {
    return z.json().parse(JSON.parse(text))
  } catch {
    return text
  }
}

/** The text that reads back as the same value. */
function typed({ value, is_sensitive: isSensitive }: ConfigEntry): string {
  if (isSensitive || value === null) return ''
  return typeof value === 'string' && valueOf(value) === value ? value : JSON.stringify(value)
}

const reasonHint = 'Stands in the history, for whoever asks later.'
const valueHint = 'Text, or JSON such as 12, true or ["a", "b"].'

/** A new value for a key that is there. */
export function ConfigForm({ entry }: { entry: ConfigEntry }) {
  const queries = useQueryClient()
  const { key, is_sensitive: isSensitive } = entry
  const form = useSchemaForm({
    schema: changeForm,
    initial: { value: typed(entry), reason: '' },
    onSubmit: async (wanted) => {
      const value = isSensitive ? wanted.value : valueOf(wanted.value)
      await client.call(updateConfig, { body: { key, value, ...reasonOf(wanted) } })
      form.markSaved()
      notify(`${key} is saved`)
      await queries.invalidateQueries()
    },
  })
  const reset = async () => {
    await client.call(updateConfig, { body: { key, value: null, ...reasonOf(form.form.getValues()) } })
    form.markSaved()
    notify(entry.kind === 'free' ? `${key} is removed` : `${key} has its default again`)
    await queries.invalidateQueries()
  }
  return (
    <Form form={form} id="config-key">
      {isSensitive ? (
        <TextField
          name="value"
          label="New value"
          type="password"
          autoComplete="new-password"
          hint="A secret: a value is stored and never shown."
        />
      ) : (
        <TextareaField name="value" label="Value" rows={3} mono hint={valueHint} />
      )}
      <TextField name="reason" label="Why" autoComplete="off" hint={reasonHint} />
      {entry.source === 'stored' && (
        <Button
          className="self-start"
          icon={entry.kind === 'free' ? Trash2 : RotateCcw}
          onClick={() => void reset().catch(notifyProblem)}
        >
          {entry.kind === 'free' ? 'Remove this key' : 'Back to the default'}
        </Button>
      )}
    </Form>
  )
}

/** A key of your own. */
export function NewConfigForm({ onSaved }: { onSaved: (key: string) => void }) {
  const queries = useQueryClient()
  const form = useSchemaForm({
    schema: newForm,
    initial: { key: '', value: '', is_sensitive: false, reason: '' },
    onSubmit: async (wanted) => {
      const { key, is_sensitive: isSensitive } = wanted
      const value = isSensitive ? wanted.value : valueOf(wanted.value)
      await client.call(updateConfig, {
        body: { key, value, is_sensitive: isSensitive, ...reasonOf(wanted) },
      })
      await queries.invalidateQueries({ queryKey: ['config'] })
      notify(`${key} is saved`)
      form.markSaved()
      queueMicrotask(() => onSaved(key))
    },
  })
  return (
    <Form form={form} id="config-new">
      <TextField name="key" label="Key" mono autoComplete="off" autoFocus placeholder="shop.open" />
      <TextareaField name="value" label="Value" rows={3} mono hint={valueHint} />
      <CheckboxField
        name="is_sensitive"
        label="Secret"
        hint="Encrypted, and never shown again, here or through the API."
      />
      <TextField name="reason" label="Why" autoComplete="off" hint={reasonHint} />
    </Form>
  )
}

function reasonOf({ reason: text }: { reason?: string | undefined }): { reason?: string } {
  return text === undefined || text.trim() === '' ? {} : { reason: text }
}
