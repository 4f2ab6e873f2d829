import type { ConfigEntry } from '@holdfast/contracts/platform/config'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Plus, Variable } from 'lucide-react'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { Badge } from '../../../ui/badge.tsx'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { Nothing, RelativeTime } from '../../../ui/values.tsx'
import { configQuery, kindOptions, sourceOptions, sourceWords, textOf } from './queries.ts'

const columns: ReadonlyArray<Column<ConfigEntry>> = [
  {
    id: 'key',
    header: 'Key',
    isTitle: true,
    cell: ({ key }) => <span className="font-mono text-xs">{key}</span>,
  },
  {
    id: 'value',
    header: 'Value',
    cell: (entry) => (
      <span className="font-mono text-xs">{textOf(entry.value, entry.is_sensitive, entry.has_value)}</span>
    ),
  },
  {
    id: 'source',
    header: 'Comes from',
    width: '128px',
    cell: ({ source }) => <Badge tone={sourceWords[source].tone}>{sourceWords[source].label}</Badge>,
  },
  {
    id: 'changed',
    header: 'Changed',
    width: '128px',
    cell: ({ updated_at: at }) => <RelativeTime at={at} />,
  },
  { id: 'by', header: 'By', width: '128px', cell: ({ updated_by: by }) => by ?? <Nothing /> },
  { id: 'reason', header: 'Why', cell: ({ reason }) => reason ?? <Nothing /> },
]

/** Everything that this installation is configured with: where it comes from, and who changed it why. */
export default function ConfigPage() {
  const navigate = useNavigate()
  const filters = useUrlFilters(['search', 'kind', 'source'])
  const config = useQuery(configQuery)
  const { search = '', kind, source } = filters.values
  const entries = (config.data?.entries ?? []).filter(
    (entry) =>
      entry.key.toLowerCase().includes(search.toLowerCase()) &&
      (kind === undefined || entry.kind === kind) &&
      (source === undefined || entry.source === source),
  )
  return (
    <Page
      title="Configuration"
      description="Settings, keys of your own and the server's environment as one document. Every change is a version that can be gone back to."
      badge={config.data && <Badge>Version {config.data.version}</Badge>}
      request={{ method: 'GET', path: '/api/config' }}
      action={
        <Link to="/admin/config/new" className={buttonClass('primary')}>
          <Plus aria-hidden className="size-4" />
          Add key
        </Link>
      }
    >
      <FilterBar
        filters={filters}
        search={{ name: 'search', placeholder: 'Search keys' }}
        selects={[
          { name: 'kind', label: 'Kind', allLabel: 'Any kind', options: kindOptions },
          { name: 'source', label: 'Comes from', allLabel: 'From anywhere', options: sourceOptions },
        ]}
      />
      {config.error ? (
        <ProblemNotice problem={config.error} onRetry={() => void config.refetch()} />
      ) : (
        <DataTable
          name="config"
          label="Configuration"
          columns={columns}
          rows={entries}
          rowId={({ key }) => key}
          loading={config.isPending}
          total={entries.length}
          onOpen={({ key }) =>
            void navigate({
              to: '/admin/config/$configKey',
              params: { configKey: key },
              search: (previous) => previous,
            })
          }
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState icon={Variable} title="Nothing is configured">
                Every setting has a default, so that this list is never empty for long.
              </EmptyState>
            )
          }
        />
      )}
      <Outlet />
    </Page>
  )
}
