import { z } from 'zod'
import { Button } from '../ui/button.tsx'
import { CheckboxField, NumberField, TextareaField, TextField } from '../ui/form/fields.tsx'
import { SelectField } from '../ui/form/pick-fields.tsx'
import { Form, useSchemaForm } from '../ui/form/schema-form.tsx'
import { notify } from '../ui/toast.ts'

const schema = z.object({
  name: z.string().min(1, 'must not be empty').max(40),
  path: z.string().startsWith('/', 'must begin with a slash'),
  method: z.enum(['GET', 'POST']),
  days: z.int().min(1, 'must be at least 1').max(365).optional(),
  description: z.string().max(200).optional(),
  enabled: z.boolean(),
})

const methods = ['GET', 'POST'].map((value) => ({ value, label: value }))

export function FormSample() {
  const form = useSchemaForm({
    schema,
    initial: { name: '', path: 'products', method: 'GET', enabled: true },
    onSubmit: async (value) => {
      await Promise.resolve()
      notify('Saved', value.name)
    },
  })
  return (
    <Form form={form} guardUnsaved={false}>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="name" label="Name" />
        <TextField name="path" label="Path" mono hint="Where it will answer." />
        <SelectField name="method" label="Method" options={methods} />
        <NumberField name="days" label="Keep records for" unit="days" />
      </div>
      <TextareaField name="description" label="Description" rows={2} />
      <CheckboxField name="enabled" label="Enabled" hint="Off, the endpoint answers 404." />
      <div className="flex justify-end">
        <Button kind="primary" type="submit" busy={form.busy}>
          Save
        </Button>
      </div>
    </Form>
  )
}
