import { listActivity } from '@holdfast/contracts/platform/activity'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Activity } from 'lucide-react'
import { client } from '../../lib/client.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { RelativeTime } from '../../ui/values.tsx'
import { actionWords } from '../platform/strings.ts'

const shown = 8
const refreshEveryMs = 5_000

/** What has happened last, as it happens. */
export function LatestActivity() {
  const activity = useQuery({
    queryKey: ['activity', 'latest'],
    queryFn: ({ signal }) => client.call(listActivity, { query: { limit: shown } }, { signal }),
    refetchInterval: refreshEveryMs,
  })
  const rows = activity.data?.data ?? []
  return (
    <section aria-labelledby="home-activity">
      <div className="mb-2 flex items-baseline justify-between">
        <h2 id="home-activity" className="text-base font-semibold">
          Latest activity
        </h2>
        <Link to="/admin/activity" className="text-sm text-accent-ink underline-offset-2 hover:underline">
          Show all
        </Link>
      </div>
      {activity.error && <ProblemNotice problem={activity.error} onRetry={() => void activity.refetch()} />}
      {activity.isPending && <div aria-busy className="h-36 animate-pulse rounded-md bg-sunken" />}
      {activity.data && rows.length === 0 && (
        <EmptyState icon={Activity} title="Nothing has happened yet">
          Sign-ins, calls of your endpoints, errors and changes appear here as they happen.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <ul className="divide-y divide-line rounded-md border border-line bg-surface">
          {rows.map((row) => (
            <li key={row.id} className="flex min-h-9 items-center gap-3 px-4 py-1.5 text-sm">
              <span className="min-w-0 flex-1 truncate">{row.message}</span>
              <span className="shrink-0 text-ink-subtle max-sm:hidden">
                {actionWords[row.action] ?? row.action}
              </span>
              <span className="w-28 shrink-0 text-right text-ink-subtle">
                <RelativeTime at={row.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
