import { changePassword } from '@holdfast/contracts/identity/auth'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { client } from '../../lib/client.ts'
import { safeNext } from '../../lib/safe-next.ts'
import { useMe } from '../../lib/session.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { notifyProblem } from '../../ui/toast.ts'
import { DoorLayout } from './door-layout.tsx'
import { changePasswordForm } from './schemas.ts'
import { signOut, startSession } from './session-actions.ts'
import { texts } from './strings.ts'

/** An administrator set this person's password, so somebody else knows it: they choose their own before anything else. */
export default function OwnPasswordPage() {
  const me = useMe()
  const navigate = useNavigate()
  const { next } = useSearch({ from: '/change-password' })
  const form = useSchemaForm({
    schema: changePasswordForm,
    initial: { current_password: '', password: '', repeat: '' },
    onSubmit: async ({ current_password, password }) => {
      await client.call(changePassword, { body: { current_password, new_password: password } })
      await startSession()
      await navigate({ href: safeNext(next), replace: true })
    },
  })
  const leave = () => {
    signOut().then(() => navigate({ to: '/sign-in' }), notifyProblem)
  }
  return (
    <DoorLayout title={texts.own.title} lead={texts.own.lead}>
      <Form form={form} guardUnsaved={false}>
        {/* Password managers want to know whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={me?.login ?? ''} readOnly hidden />
        <TextField
          name="current_password"
          label="Password you were given"
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
        <Button kind="primary" type="submit" busy={form.busy}>
          Set password
        </Button>
      </Form>
      <button
        type="button"
        onClick={leave}
        className="self-start text-sm text-accent-ink underline-offset-2 hover:underline"
      >
        Sign out
      </button>
    </DoorLayout>
  )
}
