import { type Scope, scopeCatalogue } from '@holdfast/contracts/identity/token-scopes'
import { createApiToken } from '@holdfast/contracts/identity/tokens'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { TextareaField, TextField } from '../../ui/form/fields.tsx'
import { MultiComboboxField, SelectField } from '../../ui/form/pick-fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { tokenForm } from './schemas.ts'

const scopeOptions = Object.entries(scopeCatalogue).map(([value, { describe }]) => ({
  value,
  label: value,
  hint: describe,
}))

const lifetimeOptions = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: 'never', label: 'Never' },
]

const daySeconds = 86_400

/** Makes a token of your own. The secret is shown once. */
export default function TokenNewPage() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [made, setMade] = useState<{ name: string; token: string }>()
  const close = () => void navigate({ to: '/tokens' })
  const form = useSchemaForm({
    schema: tokenForm,
    initial: { name: '', scopes: [], lifetimeDays: '90', addresses: '' },
    onSubmit: async ({ name, scopes, lifetimeDays, addresses = '' }) => {
      const token = await client.call(createApiToken, {
        body: {
          name,
          scopes: scopes as Scope[],
          expires_in: lifetimeDays === 'never' ? null : Number(lifetimeDays) * daySeconds,
          allowed_addresses: addresses.split(/[\s,]+/).filter((address) => address !== ''),
        },
      })
      await queries.invalidateQueries({ queryKey: ['tokens'] })
      setMade(token)
    },
  })
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
        <SecretOnce
          label="API token"
          secret={made.token}
          fileName="holdfast-token.txt"
          hint="Send it as Authorization: Bearer, or as X-API-Key."
        />
      </Drawer>
    )
  }
  return (
    <Drawer
      title="Create token"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form="token-new" busy={form.busy}>
            Create token
          </Button>
        </>
      }
    >
      <Form form={form} id="token-new">
        <TextField name="name" label="Name" autoComplete="off" autoFocus hint="What will use it." />
        <MultiComboboxField
          name="scopes"
          label="Scopes"
          placeholder="Choose scopes"
          hint="It can never do more than you can."
          options={scopeOptions}
        />
        <SelectField name="lifetimeDays" label="Expires after" options={lifetimeOptions} />
        <TextareaField
          name="addresses"
          label="Allowed addresses"
          rows={3}
          mono
          hint="Addresses or ranges such as 203.0.113.0/24, one a line. Empty: from anywhere."
        />
      </Form>
    </Drawer>
  )
}
