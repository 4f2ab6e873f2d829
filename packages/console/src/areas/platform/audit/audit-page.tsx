import { type AuditEntry, listAudit } from '@holdfast/contracts/platform/audit'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { ScrollText, Stamp } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { TimeFilter } from '../../../ui/time-filter.tsx'
import { ExactTime, Nothing, RelativeTime } from '../../../ui/values.tsx'
import { AuditExportMenu } from './audit-export-menu.tsx'
import { AuditState } from './audit-state.tsx'

const pageSize = 100

const columns: ReadonlyArray<Column<AuditEntry>> = [
  { id: 'at', header: 'When', width: '128px', cell: (entry) => <RelativeTime at={entry.at} /> },
  {
    id: 'action',
    header: 'Action',
    isTitle: true,
    cell: (entry) => <span className="font-mono text-xs">{entry.action}</span>,
  },
  { id: 'actor', header: 'Who', cell: (entry) => entry.actor },
  {
    id: 'target',
    header: 'On what',
    cell: (entry) =>
      entry.targetType ? (
        <>
          {entry.targetType} <span className="font-mono text-xs text-ink-subtle">{entry.targetId}</span>
        </>
      ) : (
        <Nothing />
      ),
  },
  {
    id: 'sequence',
    header: 'Number',
    width: '88px',
    align: 'end',
    startsHidden: true,
    cell: (entry) => entry.sequence,
  },
]

/** Who changed what: append-only, each entry chained to the one before. */
export default function AuditPage() {
  const filters = useUrlFilters(['actor', 'action', 'target_type', 'target_id', 'since', 'until'])
  const [open, setOpen] = useState<AuditEntry>()
  const audit = useInfiniteQuery({
    queryKey: ['audit', filters.values],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        listAudit,
        { query: { ...filters.values, limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
  const narrow = (changes: Parameters<typeof filters.set>[0]) => {
    setOpen(undefined)
    filters.set(changes)
  }
  return (
    <Page
      title="Audit"
      description="Who changed what, kept as proof: every entry carries the hash of the one before it, so nothing can be edited or removed unseen."
      request={{ method: 'GET', path: '/api/audit?limit=100' }}
      action={
        <div className="flex items-center gap-2">
          <Link to="/admin/audit/checkpoints" search={(previous) => previous} className={buttonClass()}>
            <Stamp aria-hidden className="size-4" />
            Checkpoints
          </Link>
          <AuditExportMenu filters={filters.values} />
        </div>
      }
    >
      <AuditState />
      <FilterBar
        filters={filters}
        search={{ name: 'action', placeholder: 'Action: create, user.update' }}
        texts={[
          { name: 'actor', label: 'Who: login or id' },
          { name: 'target_type', label: 'On what: user, group' },
          { name: 'target_id', label: 'Id of it' },
        ]}
      >
        <TimeFilter
          from={filters.values.since}
          to={filters.values.until}
          onChange={(changes) =>
            filters.set({
              ...('from' in changes && { since: changes.from }),
              ...('to' in changes && { until: changes.to }),
            })
          }
        />
      </FilterBar>
      {audit.error ? (
        <ProblemNotice problem={audit.error} onRetry={() => void audit.refetch()} />
      ) : (
        <DataTable
          name="audit"
          label="Audit log"
          columns={columns}
          rows={audit.data?.pages.flatMap((page) => page.data) ?? []}
          rowId={(entry) => entry.id}
          loading={audit.isPending}
          total={audit.data?.pages[0]?.meta.total}
          onOpen={setOpen}
          onMore={audit.hasNextPage ? () => void audit.fetchNextPage() : undefined}
          loadingMore={audit.isFetchingNextPage}
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState icon={ScrollText} title="No change has been made yet">
                Every change to users, groups, endpoints and settings leaves one entry here.
              </EmptyState>
            )
          }
        />
      )}
      <Dialog
        open={open !== undefined}
        onClose={() => setOpen(undefined)}
        title={open?.action ?? ''}
        size="medium"
      >
        {open && (
          <>
            <p className="mb-3 text-sm text-ink-muted">
              {open.actor}, <ExactTime at={open.at} />
            </p>
            <div className="mb-3 flex flex-wrap gap-2">
              <Button size="small" onClick={() => narrow({ actor: open.actorId ?? open.actor })}>
                Everything by {open.actor}
              </Button>
              {open.targetId !== null && (
                <Button
                  size="small"
                  onClick={() =>
                    narrow({ target_type: open.targetType, target_id: open.targetId ?? undefined })
                  }
                >
                  Everything about this {open.targetType.replaceAll('_', ' ')}
                </Button>
              )}
            </div>
            <CodeBlock title={`Entry ${open.sequence}`} code={JSON.stringify(open, null, 2)} />
          </>
        )}
      </Dialog>
      <Outlet />
    </Page>
  )
}
