import { type ActivityRow, listActivity } from '@holdfast/contracts/platform/activity'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Activity } from 'lucide-react'
import { client } from '../../lib/client.ts'
import { usePageSettings } from '../../lib/page-settings.ts'
import { useUrlFilters } from '../../lib/url-filters.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { EmptyState, NoMatches } from '../../ui/empty-state.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import type { Column } from '../../ui/table/columns.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { Duration, Nothing, RelativeTime } from '../../ui/values.tsx'
import { actionOptions, actionWords } from './strings.ts'

/** How often the newest rows are asked for while the page is on screen. */
const refreshEveryMs = 3_000

function statusTone(status: number): Tone {
  if (status >= 500) return 'bad'
  return status >= 400 ? 'warn' : 'ok'
}

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
  { id: 'source', header: 'Through', width: '96px', startsHidden: true, cell: (entry) => entry.source },
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
  const filters = useUrlFilters(['search', 'action', 'page'])
  const { search, action } = filters.values
  const page = Number(filters.values.page ?? 1)
  const query = { page, limit: pageSize, search, action }
  const activity = useQuery({
    queryKey: ['activity', query],
    queryFn: ({ signal }) => client.call(listActivity, { query }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEveryMs,
  })
  return (
    <Page
      title="Activity"
      description="What happens on this installation, for watching. For proof of who changed what, see the audit log."
      request={{ method: 'GET', path: `/api/dashboard/logs?limit=${pageSize}` }}
    >
      <FilterBar
        filters={{ ...filters, set: (changes) => filters.set({ page: undefined, ...changes }) }}
        search={{ name: 'search', placeholder: 'Search message, kind, address' }}
        selects={[{ name: 'action', label: 'Kind', allLabel: 'Every kind', options: actionOptions }]}
      />
      {activity.error ? (
        <ProblemNotice problem={activity.error} onRetry={() => void activity.refetch()} />
      ) : (
        <DataTable
          name="activity"
          label="Activity"
          columns={columns}
          rows={activity.data?.data ?? []}
          rowId={(entry) => entry.id}
          loading={activity.isPending}
          total={activity.data?.meta.total}
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
        total={activity.data?.meta.total ?? 0}
        onChange={(next) => filters.set({ page: next === 1 ? undefined : String(next) })}
      />
    </Page>
  )
}
