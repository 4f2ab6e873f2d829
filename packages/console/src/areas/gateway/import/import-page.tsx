import type { Applied } from '@holdfast/contracts/gateway/apply'
import { importOpenApi, type OpenApiImport } from '@holdfast/contracts/gateway/openapi-import'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { client } from '../../../lib/client.ts'
import { plural } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { TextareaField, TextField } from '../../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { Page, Section } from '../../../ui/page.tsx'
import { notify, notifyProblem } from '../../../ui/toast.ts'
import { forgetGateway } from '../queries.ts'
import { texts } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'
import { Differences } from './differences.tsx'

/** A service and its routes from an OpenAPI document: first what would change, then the change. */
export default function ImportPage() {
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const file = useRef<HTMLInputElement>(null)
  const [plan, setPlan] = useState<{ body: OpenApiImport; applied: Applied }>()
  const [busy, setBusy] = useState(false)
  const params = { tenantId }
  const form = useSchemaForm({
    schema: importOpenApi.body,
    initial: { document: '', serviceName: '', targetUrl: '' },
    onSubmit: async (body) => {
      setPlan({
        body,
        applied: await client.call(importOpenApi, { params, query: { dryRun: 'true' }, body }),
      })
    },
  })
  const apply = async (body: OpenApiImport) => {
    setBusy(true)
    try {
      const { differences } = await client.call(importOpenApi, { params, query: {}, body })
      await forgetGateway(tenantId)
      form.markSaved()
      notify(`${plural(differences.length, 'change')} made`)
      await navigate({ to: '/gateway/routes' })
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Page
      title="Import OpenAPI"
      description={texts.import}
      width="reading"
      request={{
        method: 'POST',
        path: `/api/tenants/${tenantId}/import/openapi?dryRun=true`,
        body: { document: 'THE_TEXT_OF_THE_DOCUMENT' },
      }}
    >
      <Form form={form} id="gateway-import" guardUnsaved={false}>
        <Section
          title="Document"
          action={
            <>
              <input
                ref={file}
                type="file"
                accept=".json,.yaml,.yml"
                aria-label="OpenAPI file"
                tabIndex={-1}
                className="sr-only"
                onChange={(event) => {
                  const chosen = event.target.files?.[0]
                  if (chosen)
                    void chosen
                      .text()
                      .then((text) => form.form.setValue('document', text, { shouldDirty: true }))
                }}
              />
              <Button size="small" onClick={() => file.current?.click()}>
                Choose a file
              </Button>
            </>
          }
        >
          <div className="flex flex-col gap-4">
            <TextareaField
              name="document"
              label="OpenAPI 3.0 or 3.1, as JSON or YAML"
              mono
              tall
              placeholder={'openapi: 3.1.0\ninfo: { title: Orders, version: "1" }\npaths: …'}
            />
            <div className="grid gap-4 sm:grid-cols-2">
              <TextField
                name="serviceName"
                label="Name of the service"
                autoComplete="off"
                hint="Empty: the title of the document."
              />
              <TextField
                name="targetUrl"
                label="Address of the service"
                type="url"
                mono
                autoComplete="off"
                hint="Empty: the first of its servers."
              />
            </div>
            <div className="flex justify-end">
              <Button kind={plan ? 'secondary' : 'primary'} type="submit" busy={form.busy}>
                Show the difference
              </Button>
            </div>
          </div>
        </Section>
      </Form>
      {plan && (
        <div className="mt-4">
          <Differences applied={plan.applied} busy={busy} onApply={() => void apply(plan.body)} />
        </div>
      )}
    </Page>
  )
}
