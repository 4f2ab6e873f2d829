import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { notify } from '../../ui/toast.ts'
import { changePassword } from './api.ts'
import { changePasswordForm } from './schemas.ts'

/** Changes your own password, beside the profile. */
export default function ChangePasswordPage() {
  const navigate = useNavigate()
  const close = () => void navigate({ to: '/profile' })
  const form = useSchemaForm({
    schema: changePasswordForm,
    initial: { current: '', password: '', repeat: '' },
    onSubmit: async ({ current, password }) => {
      await changePassword(current, password)
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
          name="current"
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
          hint="At least 8 characters. A few unrelated words are easier to remember than one clever one."
        />
        <TextField name="repeat" label="The same again" type="password" autoComplete="new-password" />
      </Form>
    </Drawer>
  )
}
