import { rateLimitTiers } from '@holdfast/contracts/gateway/config'
import { type Settings, updateTenantSettings } from '@holdfast/contracts/gateway/tenants'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { NumberField } from '../../../ui/form/fields.tsx'
import { NullableNumberField } from '../../../ui/form/nullable-fields.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page, Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { notify } from '../../../ui/toast.ts'
import { AddressRulesField } from '../address-rules-field.tsx'
import { forgetGateway, settingsQuery } from '../queries.ts'
import { texts, tierWords } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'

/** What holds for all routes of the tenant. */
export default function GatewaySettingsPage() {
  const { tenantId, isAdmin } = useTenant()
  const settings = useQuery(settingsQuery(tenantId))
  return (
    <Page
      title="Gateway settings"
      description={texts.settings}
      width="reading"
      request={{ method: 'GET', path: `/api/tenants/${tenantId}/settings` }}
    >
      {settings.error && <ProblemNotice problem={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isPending && <div aria-busy className="h-80 animate-pulse rounded-md bg-sunken" />}
      {!isAdmin && settings.data && (
        <div className="mb-4">
          <Notice>Only administrators of the organization can change these.</Notice>
        </div>
      )}
      {settings.data && (
        <SettingsForm key={tenantId} tenantId={tenantId} settings={settings.data} locked={!isAdmin} />
      )}
    </Page>
  )
}

interface SettingsFormProps {
  tenantId: string
  settings: Settings
  locked: boolean
}

function SettingsForm({ tenantId, settings, locked }: SettingsFormProps) {
  const form = useSchemaForm({
    schema: updateTenantSettings.body,
    initial: settings,
    onSubmit: async (body) => {
      await client.call(updateTenantSettings, { params: { tenantId }, query: {}, body })
      await forgetGateway(tenantId)
      notify('The settings are on their way to every gateway')
    },
  })
  return (
    <Form form={form}>
      <Section
        title="Requests a minute"
        description="Each consumer counts for itself, over all routes. Empty: no limit."
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {rateLimitTiers.map((tier) => (
            <NullableNumberField
              key={tier}
              name={`tiers.${tier}`}
              label={tierWords[tier]}
              placeholder="No limit"
              disabled={locked}
            />
          ))}
          <NullableNumberField
            name="anonymousPerMinute"
            label="Without a key"
            placeholder="No limit"
            hint="For each address."
            disabled={locked}
          />
        </div>
      </Section>
      <Section title="Requests">
        <div className="flex flex-col gap-4">
          <NumberField
            name="bodySizeBytesMax"
            label="Largest body"
            unit="bytes"
            hint="A route may allow more or less."
            disabled={locked}
          />
          <AddressRulesField name="addresses" />
        </div>
      </Section>
      {!locked && (
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={form.busy} disabled={!form.form.formState.isDirty}>
            Save settings
          </Button>
        </div>
      )}
    </Form>
  )
}
