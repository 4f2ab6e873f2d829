import { z } from 'zod'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { setupCode } from '../schemas.ts'
import { StepHeading } from './step-heading.tsx'

/** Asks for the one-time code again when the first run goes on after a reload. */
export function CodeStep({ onDone }: { onDone: (code: string) => void }) {
  const form = useSchemaForm({
    schema: z.object({ code: setupCode }),
    initial: { code: '' },
    onSubmit: async ({ code }) => {
      onDone(code)
      await Promise.resolve()
    },
  })
  return (
    <>
      <StepHeading title="Welcome back">Enter the one-time code again to go on where you were.</StepHeading>
      <Form form={form} guardUnsaved={false}>
        <TextField name="code" label="One-time code" mono autoComplete="one-time-code" autoFocus />
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={form.busy}>
            Continue
          </Button>
        </div>
      </Form>
    </>
  )
}
