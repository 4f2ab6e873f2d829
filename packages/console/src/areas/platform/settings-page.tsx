import { clearActivity, clearOldActivity } from '@holdfast/contracts/platform/activity'
import { getSettings, type SettingValues } from '@holdfast/contracts/platform/settings'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../lib/client.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDanger } from '../../ui/confirm-danger.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { notify, notifyProblem } from '../../ui/toast.ts'
import { SettingsForm } from './settings-form.tsx'

/** How this installation behaves. */
export default function SettingsPage() {
  const settings = useQuery({
    queryKey: ['settings'],
    queryFn: async () => (await client.call(getSettings)).data,
  })
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
          <SettingsForm settings={settings.data.settings} />
          <ActivityLog {...settings.data} />
        </>
      )}
    </Page>
  )
}

function ActivityLog({ settings, logsCount }: { settings: SettingValues; logsCount: number }) {
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const clear = async (route: typeof clearActivity | typeof clearOldActivity) => {
    const { deleted } = (await client.call(route)).data
    await queries.invalidateQueries()
    notify(`${plural(deleted, 'entry', 'entries')} removed`)
  }
  const clearOld = () => {
    setBusy(true)
    clear(clearOldActivity)
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
        onConfirm={() => clear(clearActivity)}
      />
    </Section>
  )
}
