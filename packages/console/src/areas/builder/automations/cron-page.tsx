import type { CronJob } from '@holdfast/contracts/builder/automations/cron'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { CalendarClock, Plus } from 'lucide-react'
import { Badge } from '../../../ui/badge.tsx'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { ExactTime, Nothing, RelativeTime } from '../../../ui/values.tsx'
import { cronJobsQuery } from './queries.ts'

const columns: Column<CronJob>[] = [
  { id: 'name', header: 'Name', isTitle: true, cell: ({ name }) => name, sortBy: ({ name }) => name },
  {
    id: 'schedule',
    header: 'Schedule',
    width: '220px',
    cell: ({ schedule, timeZone }) => (
      <span>
        <span className="font-mono text-xs">{schedule}</span>{' '}
        <span className="text-ink-subtle">{timeZone}</span>
      </span>
    ),
  },
  { id: 'last', header: 'Last run', width: '210px', cell: (job) => <LastRun job={job} /> },
  {
    id: 'next',
    header: 'Next run',
    width: '200px',
    cell: ({ nextRuns: [next] }) => (next === undefined ? <Nothing text="Off" /> : <ExactTime at={next} />),
    sortBy: ({ nextRuns }) => nextRuns[0],
  },
]

const newJob = (
  <Link to="/build/cron/new" className={buttonClass('primary')}>
    <Plus aria-hidden className="size-4" />
    New cron job
  </Link>
)

/** What runs at set times. A job opens beside the list. */
export default function CronPage() {
  const jobs = useQuery(cronJobsQuery)
  const navigate = useNavigate()
  return (
    <Page
      title="Cron jobs"
      description="Code, requests and calls of endpoints at set times."
      request={{ method: 'GET', path: '/api/cron' }}
      action={newJob}
    >
      {jobs.error && <ProblemNotice problem={jobs.error} onRetry={() => void jobs.refetch()} />}
      {!jobs.error && (
        <DataTable
          name="cron-jobs"
          label="Cron jobs"
          columns={columns}
          rows={jobs.data ?? []}
          rowId={({ id }) => id}
          loading={jobs.isPending}
          onOpen={({ id }) => void navigate({ to: '/build/cron/$cronId', params: { cronId: id } })}
          empty={
            <EmptyState icon={CalendarClock} title="Nothing runs on its own yet" action={newJob}>
              A cron job runs code, sends a request or calls an endpoint every night, every five minutes, or
              whenever its schedule says.
            </EmptyState>
          }
        />
      )}
      <Outlet />
    </Page>
  )
}

function LastRun({ job }: { job: CronJob }) {
  if (job.lastRunStatus === null) return <RelativeTime at={null} />
  return (
    <span className="flex items-center gap-2">
      <Badge tone={job.lastRunStatus === 'success' ? 'ok' : 'bad'} dot>
        {job.lastRunStatus === 'success' ? 'Success' : 'Failed'}
      </Badge>
      <RelativeTime at={job.lastRunAt} />
    </span>
  )
}
