import { type CodeSecret, saveSecret } from '@holdfast/contracts/builder/code'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { TextareaField, TextField } from '../../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { notify } from '../../../ui/toast.ts'
import { forgetSecrets } from './queries.ts'

const schema = saveSecret.params.extend(saveSecret.body.shape)

/** A new secret, or a new value for one. */
export function SecretDialog({ secret, onClose }: { secret?: CodeSecret; onClose: () => void }) {
  const form = useSchemaForm({
    schema,
    initial: { name: secret?.name ?? '', value: '', description: secret?.description ?? '' },
    onSubmit: async ({ name, ...body }) => {
      await client.call(saveSecret, { params: { name }, body })
      await forgetSecrets()
      notify(`${name} is set`)
      form.markSaved()
      queueMicrotask(onClose)
    },
  })
  return (
    <Drawer
      title={secret === undefined ? 'Add secret' : secret.name}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="secret" busy={form.busy}>
            {secret === undefined ? 'Add secret' : 'Replace the value'}
          </Button>
        </>
      }
    >
      <Form form={form} id="secret">
        <TextField
          name="name"
          label="Name"
          mono
          autoComplete="off"
          placeholder="SHOP_KEY"
          disabled={secret !== undefined}
          hint="Capital letters, digits and underscores."
        />
        <TextField
          name="value"
          label="Value"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters. It is not shown again."
        />
        <TextareaField name="description" label="Description" rows={2} />
      </Form>
    </Drawer>
  )
}
