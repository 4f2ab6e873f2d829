import { activityCountedMax, type ActivityRow } from '@holdfast/contracts/platform/activity'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { Activity, Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { formatNumber } from '../../lib/format.ts'
import { usePageSettings } from '../../lib/page-settings.ts'
import { useUrlFilters } from '../../lib/url-filters.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../ui/empty-state.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import type { Column } from '../../ui/table/columns.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { Duration, Nothing, RelativeTime } from '../../ui/values.tsx'
import { EndpointFilter, UserFilter } from './activity-filters.tsx'
import { activityQuery, type ActivityView, sourceNamed, useActivityTail } from './activity-queries.ts'
import {
  actionOptions,
  actionWords,
  activityStatusOptions,
  sourceOptions,
  sourceWords,
  spanOptions,
  statusTone,
} from './strings.ts'

const filterNames = ['search', 'action', 'source', 'status', 'userId', 'endpointId', 'hours'] as const

const columns: ReadonlyArray<Column<ActivityRow>> = [
  { id: 'when', header: 'When', width: '128px', cell: (entry) => <RelativeTime at={entry.createdAt} /> },
  { id: 'message', header: 'What', isTitle: true, cell: (entry) => entry.message },
  {
    id: 'action',
    header: 'Kind',
    width: '136px',
    cell: (entry) => actionWords[entry.action] ?? entry.action,
  },
  {
    id: 'status',
    header: 'Status',
    width: '80px',
    cell: (entry) =>
      entry.statusCode === null ? (
        <Nothing />
      ) : (
        <Badge tone={statusTone(entry.statusCode)}>{entry.statusCode}</Badge>
      ),
  },
  {
    id: 'time',
    header: 'Took',
    width: '88px',
    align: 'end',
    cell: (entry) =>
      entry.responseTime === null ? <Nothing /> : <Duration milliseconds={entry.responseTime} />,
  },
  {
    id: 'user',
    header: 'Who',
    width: '136px',
    cell: (entry) => entry.login ?? <Nothing />,
  },
  {
    id: 'source',
    header: 'Through',
    width: '96px',
    startsHidden: true,
    cell: (entry) => sourceWords[entry.source],
  },
  {
    id: 'ip',
    header: 'Address',
    width: '136px',
    cell: (entry) => (entry.ip ? <span className="font-mono text-xs">{entry.ip}</span> : <Nothing />),
  },
]

/** What happens, for watching: it can be searched and cleared, and it expires. Proof is in the audit log. */
export default function ActivityPage() {
  const { logsPerPage: pageSize } = usePageSettings()
  const filters = useUrlFilters([...filterNames, 'page', 'cursor'])
  const [isPaused, setPaused] = useState(false)
  const navigate = useNavigate()
  const { search, action, source, status, userId, endpointId, hours, cursor } = filters.values
  const page = Number(filters.values.page ?? 1)
  const since = useSince(hours)
  const view: ActivityView = {
    page,
    limit: pageSize,
    search,
    action,
    source: sourceNamed(source),
    status: status === 'ok' || status === 'failed' ? status : undefined,
    userId,
    endpointId,
    since,
    cursor,
  }
  const activity = useQuery(activityQuery(view))
  const isNewest = page === 1 && cursor === undefined
  const tail = useActivityTail(view, isNewest && !isPaused && activity.isSuccess)
  const { data: rows = [], meta, next_cursor: older } = activity.data ?? {}
  const filtersFromStart: typeof filters = {
    ...filters,
    set: (changes) => filters.set({ page: undefined, cursor: undefined, ...changes }),
  }
  // Pages of a search end at a bound; from there, and after a cursor, the list goes on by cursor.
  const isLastPage = meta?.totalIsLowerBound === true && (page + 1) * pageSize > meta.total
  return (
    <Page
      title="Activity"
      badge={isNewest ? <TailBadge state={isPaused ? 'paused' : tail} /> : undefined}
      description="What happens on this installation, for watching. For proof of who changed what, see the audit log."
      request={{ method: 'GET', path: `/api/dashboard/logs?limit=${pageSize}` }}
      action={
        isNewest ? (
          <Button icon={isPaused ? Play : Pause} onClick={() => setPaused(!isPaused)}>
            {isPaused ? 'Follow' : 'Pause'}
          </Button>
        ) : undefined
      }
    >
      <FilterBar
        filters={filtersFromStart}
        search={{ name: 'search', placeholder: 'Search message, user, address' }}
        selects={[
          { name: 'action', label: 'Kind', allLabel: 'Every kind', options: actionOptions },
          { name: 'source', label: 'Through', allLabel: 'Every way', options: sourceOptions },
          { name: 'status', label: 'Outcome', allLabel: 'Every outcome', options: activityStatusOptions },
          { name: 'hours', label: 'Time', allLabel: 'Any time', options: spanOptions },
        ]}
      >
        <UserFilter
          value={userId}
          known={rows.find((entry) => entry.userId === userId)?.login ?? undefined}
          onChange={(chosen) => filtersFromStart.set({ userId: chosen })}
        />
        <EndpointFilter
          value={endpointId}
          onChange={(chosen) => filtersFromStart.set({ endpointId: chosen })}
        />
      </FilterBar>
      {activity.error ? (
        <ProblemNotice problem={activity.error} onRetry={() => void activity.refetch()} />
      ) : (
        <DataTable
          name="activity"
          label="Activity"
          columns={columns}
          rows={rows}
          rowId={(entry) => entry.id}
          loading={activity.isPending}
          total={meta?.total}
          onOpen={({ id }) =>
            void navigate({
              to: '/admin/activity/$activityId',
              params: { activityId: id },
              search: (previous) => previous,
            })
          }
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState icon={Activity} title="Nothing has happened yet">
                Sign-ins, calls of your endpoints, errors and changes appear here as they happen.
              </EmptyState>
            )
          }
        />
      )}
      <Pager
        page={page}
        pageSize={pageSize}
        total={meta?.total ?? 0}
        onChange={(next) => filters.set({ page: next === 1 ? undefined : String(next) })}
      />
      {isLastPage && older && (
        <p className="mt-2 flex items-center gap-2 text-sm text-ink-muted">
          There are more than {formatNumber(activityCountedMax)} entries with these filters.
          <Button size="small" onClick={() => filters.set({ page: undefined, cursor: older })}>
            Go on with the older ones
          </Button>
        </p>
      )}
      <Outlet />
    </Page>
  )
}

const tailWords = {
  connecting: { label: 'Connecting', tone: 'neutral' },
  live: { label: 'Live', tone: 'ok' },
  stale: { label: 'Not live', tone: 'warn' },
  paused: { label: 'Paused', tone: 'neutral' },
} as const

function TailBadge({ state }: { state: keyof typeof tailWords }) {
  const { label, tone } = tailWords[state]
  return (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  )
}

/** The instant that many hours ago, from when it was chosen: it stays while the page is open, so that the list does. */
function useSince(hours: string | undefined): string | undefined {
  const [chosen, setChosen] = useState(() => ({ hours, at: new Date() }))
  if (chosen.hours !== hours) setChosen({ hours, at: new Date() })
  const count = Number(hours)
  if (hours === undefined || !(count > 0)) return undefined
  return new Date(chosen.at.getTime() - count * 3_600_000).toISOString()
}
