import { gatewayMethods } from '@holdfast/contracts/gateway/config'
import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Plus, Route, Upload } from 'lucide-react'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState, NoMatches } from '../../../ui/empty-state.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { routesQuery, servicesQuery } from '../queries.ts'
import { texts } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'
import { MatchTester } from './match-tester.tsx'
import { routeColumns } from './route-columns.tsx'

const filterNames = ['search', 'method', 'service', 'access', 'state'] as const
type Filters = Readonly<Partial<Record<(typeof filterNames)[number], string>>>

/** Which requests the gateway takes: the routes of the tenant, filtered by the address of the page. */
export default function RoutesPage() {
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const filters = useUrlFilters(filterNames)
  const routes = useQuery(routesQuery(tenantId))
  const services = useQuery(servicesQuery(tenantId))
  const names = new Map(services.data?.map(({ id, name }) => [id, name]))
  const rows = (routes.data ?? []).filter((route) => passes(route, filters.values))
  const add = (
    <div className="flex items-center gap-2">
      <Link to="/gateway/import" className={buttonClass()}>
        <Upload aria-hidden className="size-4" />
        Import
      </Link>
      <Link to="/gateway/routes/new" search={(previous) => previous} className={buttonClass('primary')}>
        <Plus aria-hidden className="size-4" />
        New route
      </Link>
    </div>
  )
  return (
    <Page
      title="Routes"
      description={texts.routes}
      request={{ method: 'GET', path: `/api/tenants/${tenantId}/routes` }}
      action={add}
    >
      {routes.data && routes.data.length > 0 && (
        <MatchTester routes={routes.data} serviceNames={services.data ? names : undefined} />
      )}
      {(routes.isPending || routes.data?.length !== 0) && (
        <FilterBar
          filters={filters}
          search={{ name: 'search', placeholder: 'Search path and host' }}
          selects={[
            {
              name: 'method',
              label: 'Method',
              allLabel: 'Any method',
              options: gatewayMethods.map((value) => ({ value, label: value })),
            },
            {
              name: 'service',
              label: 'Service',
              allLabel: 'Any service',
              options: (services.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            },
            {
              name: 'access',
              label: 'Access',
              allLabel: 'Any access',
              options: [
                { value: 'key', label: 'Asks for a key' },
                { value: 'open', label: 'Open' },
              ],
            },
            {
              name: 'state',
              label: 'State',
              allLabel: 'On and off',
              options: [
                { value: 'on', label: 'On' },
                { value: 'off', label: 'Off' },
              ],
            },
          ]}
        />
      )}
      {routes.error ? (
        <ProblemNotice problem={routes.error} onRetry={() => void routes.refetch()} />
      ) : (
        <DataTable
          name="gateway-routes"
          label="Routes"
          columns={routeColumns(services.data ? names : undefined)}
          rows={rows}
          rowId={({ id }) => id}
          loading={routes.isPending}
          total={routes.data?.length}
          onOpen={({ id }) =>
            void navigate({
              to: '/gateway/routes/$routeId',
              params: { routeId: id },
              search: (previous) => previous,
            })
          }
          empty={
            filters.active ? (
              <NoMatches onClear={filters.clear} />
            ) : (
              <EmptyState
                icon={Route}
                title="No route yet"
                action={add}
                request={{
                  method: 'POST',
                  path: `/api/tenants/${tenantId}/routes`,
                  body: {
                    method: 'ANY',
                    pathPattern: '/orders',
                    serviceId: 'ID_OF_A_SERVICE',
                    authRequired: true,
                  },
                }}
              >
                Until there is one, the gateway answers everything with 404. A route leads to a service, so
                create that first.
              </EmptyState>
            )
          }
        />
      )}
      <Outlet />
    </Page>
  )
}

function passes(route: RouteEntity, { search = '', method, service, access, state }: Filters): boolean {
  const words = search.toLowerCase()
  return (
    (words === '' || route.pathPattern.toLowerCase().includes(words) || (route.host ?? '').includes(words)) &&
    (method === undefined || route.method === method) &&
    (service === undefined || route.serviceId === service) &&
    (access === undefined || route.authRequired === (access === 'key')) &&
    (state === undefined || route.enabled === (state === 'on'))
  )
}
