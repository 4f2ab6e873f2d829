import { resetPassword } from '@holdfast/contracts/identity/auth'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { DoorLayout } from './door-layout.tsx'
import { newPasswordForm } from './schemas.ts'
import { texts } from './strings.ts'

/** Chooses a password with a one-time token: from a reset e-mail, or from an invitation. */
export default function NewPasswordPage() {
  const { token } = useSearch({ strict: false })
  const [done, setDone] = useState(false)
  const form = useSchemaForm({
    schema: newPasswordForm,
    initial: { password: '', repeat: '' },
    onSubmit: async ({ password }) => {
      await client.call(resetPassword, { body: { token: token ?? '', password } })
      setDone(true)
    },
  })
  if (done) {
    return (
      <DoorLayout title={texts.reset.title}>
        <Notice tone="ok">{texts.reset.done}</Notice>
        <Link to="/sign-in" className={buttonClass('primary')}>
          Sign in
        </Link>
      </DoorLayout>
    )
  }
  return (
    <DoorLayout title={texts.reset.title} lead={texts.reset.lead}>
      {!token && <Notice tone="bad">{texts.reset.noToken}</Notice>}
      <Form form={form} guardUnsaved={false}>
        <TextField
          name="password"
          label="New password"
          type="password"
          autoComplete="new-password"
          autoFocus
        />
        <TextField name="repeat" label="The same again" type="password" autoComplete="new-password" />
        <Button kind="primary" type="submit" busy={form.busy} disabled={!token}>
          Set password
        </Button>
      </Form>
    </DoorLayout>
  )
}
