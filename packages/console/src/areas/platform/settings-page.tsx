import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { formatNumber, plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { NumberField, SwitchField, TextField } from '../../ui/form/fields.tsx'
import { Form, useSchemaForm } from '../../ui/form/schema-form.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { notify, notifyProblem } from '../../ui/toast.ts'
import { clearActivity, fetchSettings, type SettingsAnswer, updateSettings } from './api.ts'
import { settingsForm } from './schemas.ts'

/** How this installation behaves. */
export default function SettingsPage() {
  const settings = useQuery({ queryKey: ['settings'], queryFn: fetchSettings })
  return (
    <Page
      title="Settings"
      description="How this installation behaves. Changes hold at once, on every server."
      request={{ method: 'GET', path: '/api/settings' }}
      width="reading"
    >
      {settings.error && <ProblemNotice problem={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isPending && <div aria-busy className="h-96 animate-pulse rounded-md bg-sunken" />}
      {settings.data && (
        <>
          <SettingsForm answer={settings.data} />
          <ActivityLog answer={settings.data} />
        </>
      )}
    </Page>
  )
}

const minuteMs = 60_000

function SettingsForm({ answer: { settings } }: { answer: SettingsAnswer }) {
  const queries = useQueryClient()
  const form = useSchemaForm({
    schema: settingsForm,
    initial: {
      appName: settings.appName,
      enableRegistration: settings.enableRegistration,
      rateLimitMax: settings.rateLimitMax,
      rateLimitWindowMinutes: settings.rateLimitWindowMs / minuteMs,
      authMaxAttempts: settings.authMaxAttempts,
      authLockoutMinutes: settings.authLockoutDurationMs / minuteMs,
      logRetentionDays: settings.logRetentionDays,
    },
    onSubmit: async ({ rateLimitWindowMinutes, authLockoutMinutes, ...value }) => {
      await updateSettings({
        ...value,
        rateLimitWindowMs: rateLimitWindowMinutes * minuteMs,
        authLockoutDurationMs: authLockoutMinutes * minuteMs,
      })
      await queries.invalidateQueries({ queryKey: ['settings'] })
      notify('The settings are saved')
    },
  })
  return (
    <Form form={form}>
      <Section title="General">
        <div className="flex flex-col gap-4">
          <TextField name="appName" label="Name of this installation" />
          <SwitchField
            name="enableRegistration"
            label="Anybody may register"
            hint="Off, only somebody who manages users can add people."
          />
        </div>
      </Section>
      <Section
        title="Protection"
        description="What keeps guessing and flooding away without hindering honest use."
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <NumberField name="authMaxAttempts" label="Failed sign-ins before a pause" />
          <NumberField name="authLockoutMinutes" label="Length of the pause" unit="minutes" />
          <NumberField
            name="rateLimitMax"
            label="Requests"
            hint="Per signed-in principal, within the window."
          />
          <NumberField name="rateLimitWindowMinutes" label="Window" unit="minutes" />
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
      <div className="sticky bottom-0 mb-2 flex justify-end border-t border-line bg-canvas py-3">
        <Button kind="primary" type="submit" busy={form.busy} disabled={!form.form.formState.isDirty}>
          Save settings
        </Button>
      </div>
    </Form>
  )
}

function ActivityLog({ answer: { settings, logsCount } }: { answer: SettingsAnswer }) {
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const clear = async (which: 'all' | 'old') => {
    const deleted = await clearActivity(which)
    await queries.invalidateQueries()
    notify(`${plural(deleted, 'entry', 'entries')} removed`)
  }
  const clearOld = () => {
    setBusy(true)
    clear('old')
      .catch(notifyProblem)
      .finally(() => setBusy(false))
  }
  return (
    <Section
      title="Activity log"
      description={`It has ${plural(logsCount, 'entry', 'entries')}. Clearing it is itself written to the audit log.`}
    >
      <div className="flex flex-wrap gap-2">
        <Button busy={busy} onClick={clearOld}>
          Clear entries older than {plural(settings.logRetentionDays, 'day')}
        </Button>
        <Button onClick={() => setAsking(true)}>Clear all</Button>
      </div>
      <ConfirmDanger
        open={asking}
        onClose={() => setAsking(false)}
        title="Clear the whole activity log?"
        consequences={[
          `${formatNumber(logsCount)} entries are removed and cannot be brought back.`,
          'Charts that count requests and errors start again from nothing.',
          'The audit log stays complete and notes that you did this.',
        ]}
        typeToConfirm="clear"
        action="Clear the log"
        onConfirm={() => clear('all')}
      />
    </Section>
  )
}
