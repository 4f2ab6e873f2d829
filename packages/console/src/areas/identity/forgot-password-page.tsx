import { forgotPassword } from '@holdfast/contracts/identity/auth'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { DoorLayout } from './door-layout.tsx'
import { forgotForm } from './schemas.ts'
import { texts } from './strings.ts'

/** Asks for a reset link. The answer is the same whether or not the account exists. */
export default function ForgotPasswordPage() {
  const [sent, setSent] = useState(false)
  const form = useSchemaForm({
    schema: forgotForm,
    initial: { email: '' },
    onSubmit: async ({ email }) => {
      await client.call(forgotPassword, { body: { email } })
      setSent(true)
    },
  })
  return (
    <DoorLayout title={texts.forgot.title} lead={sent ? undefined : texts.forgot.lead}>
      {sent ? (
        <Notice tone="ok">{texts.forgot.sent}</Notice>
      ) : (
        <Form form={form} guardUnsaved={false}>
          <TextField name="email" label="E-mail address" type="email" autoComplete="email" autoFocus />
          <Button kind="primary" type="submit" busy={form.busy}>
            Send the link
          </Button>
        </Form>
      )}
      <Link to="/sign-in" className="text-sm text-accent-ink underline-offset-2 hover:underline">
        Back to sign-in
      </Link>
    </DoorLayout>
  )
}
