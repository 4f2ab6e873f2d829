import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { usePageSettings } from '../../lib/page-settings.ts'
import { safeNext } from '../../lib/safe-next.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { DoorLayout } from './door-layout.tsx'
import { signInForm } from './schemas.ts'
import { signIn } from './session-actions.ts'
import { texts } from './strings.ts'

/** The door. After it, the page that was asked for. */
export default function SignInPage() {
  const navigate = useNavigate()
  const { enableRegistration } = usePageSettings()
  const { next, ended } = useSearch({ from: '/sign-in' })
  const [mfa, setMfa] = useState(false)
  const form = useSchemaForm({
    schema: signInForm,
    initial: { login: '', password: '' },
    onSubmit: async ({ login, password }) => {
      if (!(await signIn(login, password))) {
        setMfa(true)
        return
      }
      await navigate({ href: safeNext(next), replace: true })
    },
  })
  return (
    <DoorLayout title={texts.signIn.title}>
      {ended && !mfa && <Notice>{texts.signIn.ended}</Notice>}
      {mfa && <Notice tone="warn">{texts.signIn.mfa}</Notice>}
      <Form form={form} guardUnsaved={false}>
        <TextField name="login" label="Login, username or e-mail" autoComplete="username" autoFocus />
        <TextField name="password" label="Password" type="password" autoComplete="current-password" />
        <Button kind="primary" type="submit" busy={form.busy}>
          Sign in
        </Button>
        <Link to="/forgot-password" className="text-sm text-accent-ink underline-offset-2 hover:underline">
          {texts.signIn.forgot}
        </Link>
        {enableRegistration && (
          <Link to="/register" className="text-sm text-accent-ink underline-offset-2 hover:underline">
            {texts.register.offer}
          </Link>
        )}
      </Form>
    </DoorLayout>
  )
}
