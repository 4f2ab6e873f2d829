import type { ServiceEntity } from '@holdfast/contracts/gateway/services'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Plus, Server } from 'lucide-react'
import { plural } from '../../../lib/format.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { Count, Duration, Nothing } from '../../../ui/values.tsx'
import { healthQuery, routesQuery, servicesQuery } from '../queries.ts'
import { HealthBadge } from '../status-badge.tsx'
import { texts } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'

/** Where requests go: the services of the tenant, with their health and the routes that lead to them. */
export default function ServicesPage() {
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const filters = useUrlFilters(['search'])
  const services = useQuery(servicesQuery(tenantId))
  const routes = useQuery(routesQuery(tenantId))
  const health = useQuery(healthQuery(tenantId))
  const words = (filters.values.search ?? '').toLowerCase()
  const rows = (services.data ?? []).filter(({ name, targets }) =>
    [name, ...targets.map(({ url }) => url)].some((text) => text.toLowerCase().includes(words)),
  )

  const columns: ReadonlyArray<Column<ServiceEntity>> = [
    { id: 'name', header: 'Name', isTitle: true, sortBy: ({ name }) => name, cell: ({ name }) => name },
    {
      id: 'health',
      header: 'Health',
      width: '128px',
      cell: ({ id }) => (
        <HealthBadge status={health.data?.find(({ serviceId }) => serviceId === id)?.status ?? 'unknown'} />
      ),
    },
    {
      id: 'targets',
      header: 'Targets',
      cell: ({ isPlatform, targets, targetUrl }) =>
        isPlatform ? (
          'This server'
        ) : (
          <span>
            <span className="font-mono text-xs">{targetUrl}</span>
            {targets.length > 1 && (
              <span className="text-ink-subtle"> and {plural(targets.length - 1, 'more', 'more')}</span>
            )}
          </span>
        ),
    },
    {
      id: 'routes',
      header: 'Routes',
      width: '88px',
      align: 'end',
      cell: ({ id }) => (
        <Count value={(routes.data ?? []).filter(({ serviceId }) => serviceId === id).length} />
      ),
    },
    {
      id: 'timeout',
      header: 'Timeout',
      width: '96px',
      align: 'end',
      cell: ({ timeoutMs }) => <Duration milliseconds={timeoutMs} />,
    },
    {
      id: 'breaker',
      header: 'Circuit breaker',
      width: '176px',
      cell: ({ circuitBreaker }) =>
        circuitBreaker === null ? (
          <Nothing text="Off" />
        ) : (
          `after ${plural(circuitBreaker.failures, 'failure')}`
        ),
    },
  ]
  const add = (
    <Link to="/gateway/services/new" className={buttonClass('primary')}>
      <Plus aria-hidden className="size-4" />
      New service
    </Link>
  )
  return (
    <Page
      title="Services"
      description={texts.services}
      request={{ method: 'GET', path: `/api/tenants/${tenantId}/services` }}
      action={add}
    >
      {(services.isPending || services.data?.length !== 0) && (
        <FilterBar filters={filters} search={{ name: 'search', placeholder: 'Search name and address' }} />
      )}
      {services.error ? (
        <ProblemNotice problem={services.error} onRetry={() => void services.refetch()} />
      ) : (
        <DataTable
          name="gateway-services"
          label="Services"
          columns={columns}
          rows={rows}
          rowId={({ id }) => id}
          loading={services.isPending}
          total={services.data?.length}
          onOpen={({ id }) =>
            void navigate({
              to: '/gateway/services/$serviceId',
              params: { serviceId: id },
              search: (previous) => previous,
            })
          }
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState
                icon={Server}
                title="No service yet"
                action={add}
                request={{
                  method: 'POST',
                  path: `/api/tenants/${tenantId}/services`,
                  body: { name: 'Orders', targetUrl: 'http://10.0.0.5:8080' },
                }}
              >
                Name the address of something that answers HTTP. Routes send requests to it, and the gateway
                watches its health.
              </EmptyState>
            )
          }
        />
      )}
      <Outlet />
    </Page>
  )
}
