import { submitSetupStep } from '@holdfast/contracts/identity/setup'
import { baseUrl } from '../../../lib/base.ts'
import { client } from '../../../lib/client.ts'
import { changePageSettings } from '../../../lib/page-settings.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { placeForm } from '../schemas.ts'
import { StepHeading } from './step-heading.tsx'

/** How the installation is called and under which address others reach it. */
export function PlaceStep({ code, onDone }: { code: string | undefined; onDone: () => void }) {
  const form = useSchemaForm({
    schema: placeForm,
    initial: { appName: 'Holdfast', publicUrl: baseUrl.href.replace(/\/$/, '') },
    onSubmit: async (value) => {
      await client.call(submitSetupStep, { body: { step: 2, ...value, code } })
      changePageSettings({ appName: value.appName })
      onDone()
    },
  })
  return (
    <>
      <StepHeading title="Where does this run?">
        The name stands on top of every page and in every e-mail. The address goes into links, examples and
        invitations.
      </StepHeading>
      <Form form={form} guardUnsaved={false}>
        <TextField name="appName" label="Name of this installation" autoFocus />
        <TextField
          name="publicUrl"
          label="Public address"
          type="url"
          mono
          hint="The one you see now is a good start; change it when a domain name points here."
        />
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={form.busy}>
            Continue
          </Button>
        </div>
      </Form>
    </>
  )
}
