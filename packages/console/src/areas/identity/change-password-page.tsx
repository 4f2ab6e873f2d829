import { changePassword } from '@holdfast/contracts/identity/auth'
import { useNavigate } from '@tanstack/react-router'
import { client } from '../../lib/client.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { notify } from '../../ui/toast.ts'
import { changePasswordForm } from './schemas.ts'
import { texts } from './strings.ts'

/** Changes your own password, beside the profile. */
export default function ChangePasswordPage() {
  const navigate = useNavigate()
  const close = () => void navigate({ to: '/profile' })
  const form = useSchemaForm({
    schema: changePasswordForm,
    initial: { current_password: '', password: '', repeat: '' },
    onSubmit: async ({ current_password, password }) => {
      await client.call(changePassword, { body: { current_password, new_password: password } })
      notify('Your password is changed', 'Your other sessions have ended.')
      form.markSaved()
      queueMicrotask(close)
    },
  })
  return (
    <Drawer
      title="Change password"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="change-password" busy={form.busy}>
            Change password
          </Button>
        </>
      }
    >
      <Form form={form} id="change-password" guardUnsaved={false}>
        <TextField
          name="current_password"
          label="Current password"
          type="password"
          autoComplete="current-password"
          autoFocus
        />
        <TextField
          name="password"
          label="New password"
          type="password"
          autoComplete="new-password"
          hint={texts.passwordHint}
        />
        <TextField name="repeat" label="The same again" type="password" autoComplete="new-password" />
      </Form>
    </Drawer>
  )
}
