import type { Plugin } from '@holdfast/contracts/platform/plugins'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Plug, Plus } from 'lucide-react'
import { Badge } from '../../../ui/badge.tsx'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { Nothing, RelativeTime } from '../../../ui/values.tsx'
import { healthWords, pluginsQuery, statusWords } from './queries.ts'

const columns: ReadonlyArray<Column<Plugin>> = [
  { id: 'name', header: 'Name', isTitle: true, cell: ({ name }) => name },
  {
    id: 'status',
    header: 'Status',
    width: '128px',
    cell: ({ status }) => <Badge tone={statusWords[status].tone}>{statusWords[status].label}</Badge>,
  },
  {
    id: 'health',
    header: 'Health',
    width: '128px',
    cell: ({ health }) => <Badge tone={healthWords[health].tone}>{healthWords[health].label}</Badge>,
  },
  { id: 'version', header: 'Version', width: '96px', cell: ({ version }) => version },
  { id: 'events', header: 'Events', cell: ({ events }) => events.join(', ') || <Nothing /> },
  {
    id: 'hooks',
    header: 'Hooks',
    cell: ({ hooks }) => [...new Set(hooks.map(({ endpoint }) => endpoint))].join(', ') || <Nothing />,
  },
  {
    id: 'heartbeat',
    header: 'Last heartbeat',
    width: '136px',
    cell: ({ last_heartbeat_at: at }) => <RelativeTime at={at} />,
  },
]

/** Services that run elsewhere and act here: how they are, and what they do. */
export default function PluginsPage() {
  const navigate = useNavigate()
  const plugins = useQuery(pluginsQuery)
  const add = (
    <Link to="/admin/plugins/new" className={buttonClass('primary')}>
      <Plus aria-hidden className="size-4" />
      Register plugin
    </Link>
  )
  return (
    <Page
      title="Plugins"
      description="Services of your own that are told what happens, agree to changes of records, and use the API with narrow rights."
      request={{ method: 'GET', path: '/api/plugins' }}
      action={add}
    >
      {plugins.error ? (
        <ProblemNotice problem={plugins.error} onRetry={() => void plugins.refetch()} />
      ) : (
        <DataTable
          name="plugins"
          label="Plugins"
          columns={columns}
          rows={plugins.data?.plugins ?? []}
          rowId={({ id }) => id}
          loading={plugins.isPending}
          total={plugins.data?.total}
          onOpen={({ id }) => void navigate({ to: '/admin/plugins/$pluginId', params: { pluginId: id } })}
          empty={
            <EmptyState
              icon={Plug}
              title="No plugins yet"
              action={add}
              request={{ method: 'POST', path: '/api/plugins', body: { name: 'Scanner', version: '1.0.0' } }}
            >
              A plugin is a program of yours that runs where you like. Register it here, or let it register
              itself.
            </EmptyState>
          }
        />
      )}
      <Outlet />
    </Page>
  )
}
