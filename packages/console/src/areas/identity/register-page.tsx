import { register } from '@holdfast/contracts/identity/auth'
import { Link, useNavigate } from '@tanstack/react-router'
import { client } from '../../lib/client.ts'
import { usePageSettings } from '../../lib/page-settings.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { DoorLayout } from './door-layout.tsx'
import { registerForm } from './schemas.ts'
import { signIn } from './session-actions.ts'
import { texts } from './strings.ts'

/** Creating one's own account, where the settings allow it; whoever has done so is signed in. */
export default function RegisterPage() {
  const { enableRegistration } = usePageSettings()
  const navigate = useNavigate()
  const form = useSchemaForm({
    schema: registerForm,
    initial: { name: '', email: '', password: '', repeat: '' },
    onSubmit: async ({ name, email, password }) => {
      await client.call(register, { body: { name, email, password } })
      await signIn(email, password)
      await navigate({ to: '/', replace: true })
    },
  })
  if (!enableRegistration) {
    return (
      <DoorLayout title={texts.register.title}>
        <Notice>{texts.register.closed}</Notice>
        <Link to="/sign-in" className={buttonClass()}>
          Back to sign-in
        </Link>
      </DoorLayout>
    )
  }
  return (
    <DoorLayout title={texts.register.title} lead={texts.register.lead}>
      <Form form={form} guardUnsaved={false}>
        <TextField name="name" label="Your name" autoComplete="name" autoFocus />
        <TextField name="email" label="E-mail address" type="email" autoComplete="email" />
        <TextField
          name="password"
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters."
        />
        <TextField name="repeat" label="The same again" type="password" autoComplete="new-password" />
        <Button kind="primary" type="submit" busy={form.busy}>
          Create account
        </Button>
      </Form>
      <Link to="/sign-in" className="text-sm text-accent-ink underline-offset-2 hover:underline">
        {texts.register.known}
      </Link>
    </DoorLayout>
  )
}
