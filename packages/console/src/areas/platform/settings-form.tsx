import { useQueryClient } from '@tanstack/react-query'
import { Button } from '../../ui/button.tsx'
import { NumberField, SwitchField, TextField } from '../../ui/form/fields.tsx'
import { SelectField } from '../../ui/form/pick-fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Section } from '../../ui/page.tsx'
import { notify } from '../../ui/toast.ts'
import { type Settings, updateSettings } from './api.ts'
import { settingsForm } from './schemas.ts'

const secondMs = 1_000
const minuteMs = 60_000
const themes = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

/** The settings that people change, grouped by what they are about. */
export function SettingsForm({ settings }: { settings: Settings }) {
  const queries = useQueryClient()
  const form = useSchemaForm({
    schema: settingsForm,
    initial: {
      ...settings,
      rateLimitWindowSeconds: settings.rateLimitWindowMs / secondMs,
      authLockoutMinutes: settings.authLockoutDurationMs / minuteMs,
    },
    onSubmit: async ({ rateLimitWindowSeconds, authLockoutMinutes, ...value }) => {
      await updateSettings({
        ...value,
        rateLimitWindowMs: rateLimitWindowSeconds * secondMs,
        authLockoutDurationMs: Math.round(authLockoutMinutes * minuteMs),
      })
      await queries.invalidateQueries({ queryKey: ['settings'] })
      notify('The settings are saved')
    },
  })
  return (
    <Form form={form}>
      <Section title="General">
        <div className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField name="appName" label="Name of this installation" />
            <SelectField name="defaultTheme" label="Theme for who has chosen none" options={themes} />
          </div>
          <SwitchField
            name="enableRegistration"
            label="Anybody may register"
            hint="Off, only somebody who manages users can add people."
          />
        </div>
      </Section>
      <Section title="Signing in" description="What keeps guessing away, and how long a session lives.">
        <div className="grid gap-4 sm:grid-cols-2">
          <NumberField name="authMaxAttempts" label="Failed sign-ins before a pause" />
          <NumberField name="authLockoutMinutes" label="Length of the pause" unit="minutes" />
          <TextField name="jwtExpiresIn" label="An access token lives" mono hint="Such as 15m." />
          <TextField
            name="jwtRefreshExpiresIn"
            label="A session lives"
            mono
            hint="From its last use, such as 7d."
          />
        </div>
      </Section>
      <Section title="Limits" description="What keeps flooding away without hindering honest use.">
        <div className="grid gap-4 sm:grid-cols-2">
          <NumberField
            name="rateLimitWindowSeconds"
            label="Window"
            unit="seconds"
            hint="What is counted in."
          />
          <NumberField name="rateLimitMax" label="Signed in" unit="requests" />
          <NumberField
            name="rateLimitAddressMax"
            label="Without a credential"
            unit="requests"
            hint="Per address."
          />
          <NumberField
            name="rateLimitSignInMax"
            label="Sign-in attempts"
            unit="requests"
            hint="Per address."
          />
        </div>
      </Section>
      <Section title="Keeping">
        <NumberField
          name="logRetentionDays"
          label="Keep activity for"
          unit="days"
          hint="The audit log is kept forever."
        />
      </Section>
      <div className="sticky -bottom-5 z-10 mb-2 flex justify-end border-t border-line bg-canvas py-3">
        <Button kind="primary" type="submit" busy={form.busy} disabled={!form.form.formState.isDirty}>
          Save settings
        </Button>
      </div>
    </Form>
  )
}
