import { gatewayMethods } from '@holdfast/contracts/gateway/config'
import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { plural } from '../../../lib/format.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { ToggleRow } from '../../../ui/field.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { LiveState } from '../../../ui/live-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { consumersQuery, logsQuery, routesQuery, servicesQuery } from '../queries.ts'
import { errorWords, texts } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'
import { logColumns } from './log-columns.tsx'
import { LogDrawer } from './log-drawer.tsx'
import { logFilterNames, toLogQuery } from './log-query.ts'
import { TimeFilter } from '../../../ui/time-filter.tsx'
import { useLiveLogs } from './use-live-logs.ts'

const statuses = [
  ...['2xx', '3xx', '4xx', '5xx'].map((value) => ({ value, label: value })),
  ...['401', '403', '404', '429', '502', '503', '504'].map((value) => ({ value, label: value })),
]
const slowness = [
  { value: '100', label: 'Slower than 100 ms' },
  { value: '500', label: 'Slower than 500 ms' },
  { value: '2000', label: 'Slower than 2 s' },
]

const errors = Object.entries(errorWords).map(([value, label]) => ({ value, label }))
const routeLabel = ({ method, host, pathPattern }: RouteEntity) => `${method} ${host ?? ''}${pathPattern}`

/** What the gateways answered, newest first; with the live tail, as it happens. */
export default function LogsPage() {
  const { tenantId } = useTenant()
  const filters = useUrlFilters([...logFilterNames, 'live'])
  const drawer = useUrlFilters(['request'])
  const live = filters.values.live === 'on'
  const query = toLogQuery(filters.values)
  const logs = useInfiniteQuery(logsQuery(tenantId, query, live))
  const { rows: fresh, skipped, state } = useLiveLogs(tenantId, query, live)
  const services = useQuery(servicesQuery(tenantId))
  const routes = useQuery(routesQuery(tenantId))
  const consumers = useQuery(consumersQuery(tenantId))
  const consumerNames = new Map(consumers.data?.map(({ id, name }) => [id, name]))
  const read = logs.data?.pages.flatMap((page) => page.rows) ?? []
  const known = new Set(read.map(({ id }) => id))
  const rows = [...fresh.filter(({ id }) => !known.has(id)), ...read]
  const open = rows.find(({ id }) => id === drawer.values.request)
  return (
    <Page
      title="Request logs"
      description={texts.logs}
      badge={live && <LiveState state={state} />}
      request={{
        method: 'GET',
        path: `/api/tenants/${tenantId}/logs${Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ''}`,
      }}
    >
      <FilterBar
        filters={filters}
        search={{ name: 'path', placeholder: 'Part of the path' }}
        selects={[
          { name: 'statusCode', label: 'Status', allLabel: 'Any status', options: statuses },
          {
            name: 'method',
            label: 'Method',
            allLabel: 'Any method',
            options: gatewayMethods
              .filter((method) => method !== 'ANY')
              .map((value) => ({ value, label: value })),
          },
          {
            name: 'consumerId',
            label: 'Consumer',
            allLabel: 'Any consumer',
            options: (consumers.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            name: 'serviceId',
            label: 'Service',
            allLabel: 'Any service',
            options: (services.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            name: 'routeId',
            label: 'Route',
            allLabel: 'Any route',
            options: (routes.data ?? []).map((route) => ({ value: route.id, label: routeLabel(route) })),
          },
          { name: 'errorCode', label: 'Error', allLabel: 'Any error or none', options: errors },
          { name: 'minDurationMs', label: 'Time taken', allLabel: 'Any time taken', options: slowness },
        ]}
      >
        <TimeFilter
          from={filters.values.from}
          to={filters.values.to}
          onChange={(changes) => filters.set(changes)}
        />
        <ToggleRow label="Live tail" className="items-center">
          <Switch checked={live} onCheckedChange={(next) => filters.set({ live: next ? 'on' : undefined })} />
        </ToggleRow>
      </FilterBar>
      {skipped > 0 && (
        <Notice tone="warn">
          {plural(skipped, 'request')} came in faster than can be followed and {skipped === 1 ? 'is' : 'are'}{' '}
          not shown here. Switch the live tail off to see them all, or narrow the filters.
        </Notice>
      )}
      {logs.error ? (
        <ProblemNotice problem={logs.error} onRetry={() => void logs.refetch()} />
      ) : (
        <DataTable
          name="gateway-logs"
          label="Request logs"
          columns={logColumns(consumerNames)}
          rows={rows}
          rowId={({ id }) => id}
          loading={logs.isPending}
          onOpen={({ id }) => drawer.set({ request: id })}
          onMore={logs.hasNextPage ? () => void logs.fetchNextPage() : undefined}
          loadingMore={logs.isFetchingNextPage}
          empty={
            Object.keys(query).length > 0 ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState icon={ScrollText} title="No request yet">
                As soon as a gateway answers something, it appears here with its status, its time and who
                asked. Switch the live tail on and send a request to your gateway.
              </EmptyState>
            )
          }
        />
      )}
      {open && (
        <LogDrawer
          log={open}
          consumerName={open.consumerId === null ? undefined : consumerNames.get(open.consumerId)}
          onClose={() => drawer.set({ request: undefined })}
        />
      )}
    </Page>
  )
}
