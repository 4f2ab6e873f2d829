import { endpointMethods } from '@holdfast/contracts/builder/endpoints'
import { listMcpTools, type McpTool } from '@holdfast/contracts/builder/mcp'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Wrench } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../../lib/client.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { EffectBadge } from './effect-badge.tsx'
import { ToolDrawer } from './tool-drawer.tsx'

const pageSize = 50
const kinds = [
  { value: 'endpoint', label: 'Endpoints' },
  { value: 'management', label: 'Management' },
] as const
const methodOf = (name: string) => endpointMethods.find((method) => method === name) ?? 'GET'

const columns: ReadonlyArray<Column<McpTool>> = [
  {
    id: 'name',
    header: 'Tool',
    isTitle: true,
    cell: ({ name }) => <span className="font-mono text-xs">{name}</span>,
  },
  { id: 'title', header: 'What it does', cell: ({ title }) => title },
  {
    id: 'request',
    header: 'Request',
    cell: ({ method, path }) => (
      <span className="flex items-center gap-2 font-mono text-xs">
        <MethodBadge method={methodOf(method)} />
        <span className="truncate">{path}</span>
      </span>
    ),
  },
  {
    id: 'hint',
    header: 'Effect',
    width: '112px',
    cell: ({ annotations }) => <EffectBadge annotations={annotations} />,
  },
]

/** The tools that the signed-in person may call; a token of theirs sees the same or fewer. */
export function ToolList() {
  const filters = useUrlFilters(['search', 'kind', 'page'])
  const { search, kind } = filters.values
  const page = Number(filters.values.page ?? 1)
  const [open, setOpen] = useState<McpTool | null>(null)
  const tools = useQuery({
    queryKey: ['mcp', 'tools', search, kind, page],
    queryFn: ({ signal }) =>
      client.call(
        listMcpTools,
        {
          query: {
            page,
            limit: pageSize,
            ...(search ? { search } : {}),
            ...(kind === 'endpoint' || kind === 'management' ? { kind } : {}),
          },
        },
        { signal },
      ),
    placeholderData: keepPreviousData,
  })
  const total = tools.data?.meta.total
  return (
    <section aria-label="Tools">
      <FilterBar
        filters={filters}
        search={{ name: 'search', placeholder: 'Search tools' }}
        selects={[{ name: 'kind', label: 'Kind', allLabel: 'Any kind', options: [...kinds] }]}
      />
      {tools.error ? (
        <ProblemNotice problem={tools.error} onRetry={() => void tools.refetch()} />
      ) : (
        <DataTable
          name="mcp-tools"
          label="Tools"
          columns={columns}
          rows={tools.data?.data ?? []}
          rowId={({ name }) => name}
          loading={tools.isPending}
          total={total}
          onOpen={setOpen}
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState icon={Wrench} title="No tools">
                There is a tool for every endpoint and route that you may call.
              </EmptyState>
            )
          }
        />
      )}
      <Pager
        page={page}
        pageSize={pageSize}
        total={total ?? 0}
        onChange={(next) => filters.set({ page: String(next) })}
      />
      {open && <ToolDrawer tool={open} onClose={() => setOpen(null)} />}
    </section>
  )
}
