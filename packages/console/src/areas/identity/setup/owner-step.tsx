import { submitSetupStep } from '@holdfast/contracts/identity/setup'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { ownerForm, ownerFormWithCode } from '../schemas.ts'
import { StepHeading } from './step-heading.tsx'

/** The first account: it holds every permission. Reached over a network it also needs the code from the server's log. */
export function OwnerStep({
  needsCode,
  onDone,
}: {
  needsCode: boolean
  onDone: (code: string | undefined) => void
}) {
  const form = useSchemaForm({
    schema: needsCode ? ownerFormWithCode : ownerForm,
    initial: { name: '', login: 'admin', email: '', password: '', repeat: '', code: '' },
    onSubmit: async ({ name, login, email, password, code }) => {
      await client.call(submitSetupStep, { body: { step: 1, name, login, email, password, code } })
      onDone(code)
    },
  })
  return (
    <>
      <StepHeading title="Welcome. Who are you?">
        This makes the first account. It may do everything, so give it a password that you use nowhere else.
      </StepHeading>
      <Form form={form} guardUnsaved={false}>
        {needsCode && (
          <TextField
            name="code"
            label="One-time code"
            mono
            autoComplete="one-time-code"
            autoFocus
            hint="It proves that you have access to the machine: look at what the server printed when it started."
          />
        )}
        <TextField name="name" label="Your name" autoComplete="name" autoFocus={!needsCode} />
        <TextField name="login" label="Login" autoComplete="username" mono />
        <TextField
          name="email"
          label="E-mail address"
          type="email"
          autoComplete="email"
          hint="For resetting your password."
        />
        <TextField
          name="password"
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="At least 10 characters."
        />
        <TextField name="repeat" label="The same again" type="password" autoComplete="new-password" />
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={form.busy}>
            Continue
          </Button>
        </div>
      </Form>
    </>
  )
}
