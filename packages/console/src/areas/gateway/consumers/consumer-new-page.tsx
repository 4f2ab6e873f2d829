import { rateLimitTiers } from '@holdfast/contracts/gateway/config'
import { createConsumer } from '@holdfast/contracts/gateway/consumers'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { formatNumber } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { TextField } from '../../../ui/form/fields.tsx'
import { SelectField } from '../../../ui/form/pick-fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { SecretOnce } from '../../../ui/secret-once.tsx'
import { forgetGateway, settingsQuery } from '../queries.ts'
import { tierWords } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'

/** A new consumer; its key is shown this once. */
export default function ConsumerNewPage() {
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const settings = useQuery(settingsQuery(tenantId))
  const [made, setMade] = useState<{ name: string; apiKey: string }>()
  const close = () => void navigate({ to: '/gateway/consumers', search: (previous) => previous })
  const form = useSchemaForm({
    schema: createConsumer.body,
    initial: { name: '', rateLimitTier: 'authenticated' },
    onSubmit: async (body) => {
      setMade(await client.call(createConsumer, { params: { tenantId }, query: {}, body }))
      await forgetGateway(tenantId)
    },
  })
  const limits = settings.data?.tiers
  const tiers = rateLimitTiers.map((value) => ({
    value,
    label: tierWords[value],
    hint: limits ? limitText(limits[value]) : '',
  }))
  if (made) {
    return (
      <Drawer
        title={`${made.name} is ready`}
        onClose={close}
        footer={
          <Button kind="primary" onClick={close}>
            Done
          </Button>
        }
      >
        <SecretOnce label="API key" secret={made.apiKey} fileName={`${made.name}.txt`} />
        <CodeBlock
          className="mt-3"
          title="Call a route with it"
          wrap
          code={`curl 'http://YOUR_GATEWAY/orders' \\\n  -H 'X-API-Key: ${made.apiKey}'`}
        />
      </Drawer>
    )
  }
  return (
    <Drawer
      title="New consumer"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="gateway-consumer" busy={form.busy}>
            Create consumer
          </Button>
        </>
      }
    >
      <Form form={form} id="gateway-consumer">
        <TextField
          name="name"
          label="Name"
          autoComplete="off"
          autoFocus
          hint="The application that calls you."
        />
        <SelectField name="rateLimitTier" label="Tier" options={tiers} />
      </Form>
    </Drawer>
  )
}

function limitText(limit: number | null): string {
  return limit === null ? 'No limit' : `${formatNumber(limit)} requests a minute`
}
