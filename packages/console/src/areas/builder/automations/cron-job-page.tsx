import {
  type CronJob,
  createCronJob,
  deleteCronJob,
  runCronJob,
  updateCronJob,
} from '@holdfast/contracts/builder/automations/cron'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDanger } from '../../../ui/confirm-danger.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { Form, useSchemaForm } from '../../../ui/form/schema-form.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { notify, notifyProblem } from '../../../ui/toast.ts'
import { CronFields } from './cron-fields.tsx'
import { sampleScript } from './handler-words.ts'
import { cronJobQuery, cronRunsQuery, forgetCron } from './queries.ts'
import { RunList } from './run-list.tsx'

/** One cron job beside the list, or a new one when the address ends in `new`. */
export default function CronJobPage() {
  const { cronId } = useParams({ strict: false })
  const navigate = useNavigate()
  const close = () => void navigate({ to: '/build/cron' })
  if (cronId === undefined) return <JobDrawer onClose={close} />
  return <KnownJob id={cronId} onClose={close} />
}

function KnownJob({ id, onClose }: { id: string; onClose: () => void }) {
  const job = useQuery(cronJobQuery(id))
  if (job.data) return <JobDrawer key={job.data.id} job={job.data} onClose={onClose} />
  return (
    <Drawer title="Cron job" size="large" onClose={onClose}>
      {job.error ? (
        <ProblemNotice problem={job.error} />
      ) : (
        <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />
      )}
    </Drawer>
  )
}

function JobDrawer({ job, onClose }: { job?: CronJob; onClose: () => void }) {
  const [tab, setTab] = useState<'settings' | 'runs'>('settings')
  const [deleting, setDeleting] = useState(false)
  const [starting, setStarting] = useState(false)
  const form = useSchemaForm({
    schema: createCronJob.body,
    initial: job ?? {
      name: '',
      schedule: '*/5 * * * *',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      actionType: 'javascript',
      javascriptCode: sampleScript,
      httpUrl: '',
      httpMethod: 'GET',
      httpHeaders: {},
      httpBody: '',
      endpointPath: '',
      endpointMethod: 'GET',
      overlap: 'skip',
      missedRuns: 'once',
      timeoutMs: 10_000,
      enabled: true,
    },
    onSubmit: async (value) => {
      await (job
        ? client.call(updateCronJob, { params: { id: job.id }, body: value })
        : client.call(createCronJob, { body: value }))
      await forgetCron()
      notify(job ? 'Saved' : `${value.name} is set`)
      form.markSaved()
      if (!job) queueMicrotask(onClose)
    },
  })
  const run = async () => {
    if (!job) return
    setStarting(true)
    try {
      await client.call(runCronJob, { params: { id: job.id } })
      await forgetCron()
      setTab('runs')
    } catch (thrown) {
      notifyProblem(thrown)
    } finally {
      setStarting(false)
    }
  }
  const remove = async () => {
    if (!job) return
    await client.call(deleteCronJob, { params: { id: job.id } })
    await forgetCron()
    notify(`${job.name} was deleted`)
    onClose()
  }
  const settings = (
    <Form form={form} id="cron-job">
      <CronFields />
    </Form>
  )
  return (
    <Drawer
      title={job?.name ?? 'New cron job'}
      size="large"
      onClose={onClose}
      actions={
        job && (
          <Button size="small" icon={Play} busy={starting} onClick={() => void run()}>
            Run now
          </Button>
        )
      }
      footer={
        <>
          {job && (
            <Button kind="quiet" icon={Trash2} className="mr-auto" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="cron-job" busy={form.busy} disabled={tab !== 'settings'}>
            {job ? 'Save' : 'Create cron job'}
          </Button>
        </>
      }
    >
      {job ? (
        <Tabs
          label="Cron job"
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'settings', label: 'Settings', content: settings },
            { value: 'runs', label: 'Runs', content: <Runs id={job.id} /> },
          ]}
        />
      ) : (
        settings
      )}
      {job && (
        <ConfirmDanger
          open={deleting}
          onClose={() => setDeleting(false)}
          title={`Delete ${job.name}?`}
          consequences={['It runs no more.', 'Its history is deleted with it.']}
          typeToConfirm={job.name}
          action="Delete cron job"
          onConfirm={remove}
        />
      )}
    </Drawer>
  )
}

function Runs({ id }: { id: string }) {
  const runs = useQuery(cronRunsQuery(id))
  if (runs.error) return <ProblemNotice problem={runs.error} />
  return (
    <RunList
      label="Runs of this job"
      empty="It has not run yet."
      runs={(runs.data ?? []).map((run) => ({
        ...run,
        title: run.attempt > 1 ? `${run.message} (try ${run.attempt})` : run.message,
        at: run.finishedAt ?? run.startedAt ?? run.scheduledFor,
      }))}
    />
  )
}
