import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { meQuery } from '../../lib/session.ts'
import { safeNext } from '../../lib/safe-next.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { signIn } from './api.ts'
import { DoorLayout } from './door-layout.tsx'
import { signInForm } from './schemas.ts'
import { texts } from './strings.ts'

/** The door. After it, the page that was asked for. */
export default function SignInPage() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { next } = useSearch({ from: '/sign-in' })
  const [mfa, setMfa] = useState(false)
  const form = useSchemaForm({
    schema: signInForm,
    initial: { login: '', password: '' },
    onSubmit: async ({ login, password }) => {
      const result = await signIn(login, password)
      if (result.mfaRequired) {
        setMfa(true)
        return
      }
      queries.clear()
      await queries.fetchQuery(meQuery)
      await navigate({ href: safeNext(next), replace: true })
    },
  })
  return (
    <DoorLayout title={texts.signIn.title}>
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
      </Form>
    </DoorLayout>
  )
}
