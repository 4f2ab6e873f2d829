import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Map as MapIcon } from 'lucide-react'
import { buttonClass } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { healthQuery, routesQuery, servicesQuery } from '../queries.ts'
import { texts } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'
import { mapRows } from './map-data.ts'
import { MapLine } from './map-line.tsx'

/** Which requests go where: routes, services and health from left to right. */
export default function MapPage() {
  const { tenantId } = useTenant()
  const services = useQuery(servicesQuery(tenantId))
  const routes = useQuery(routesQuery(tenantId))
  const health = useQuery(healthQuery(tenantId))
  const problem = services.error ?? routes.error ?? health.error
  const loading = services.isPending || routes.isPending || health.isPending
  const rows = mapRows(services.data ?? [], routes.data ?? [], health.data ?? [])
  return (
    <Page
      title="Gateway map"
      description={texts.map}
      request={{ method: 'GET', path: `/api/tenants/${tenantId}/routes` }}
    >
      {problem && (
        <ProblemNotice
          problem={problem}
          onRetry={() => void Promise.all([services, routes, health].map((query) => query.refetch()))}
        />
      )}
      {loading && !problem && <div aria-busy className="h-80 animate-pulse rounded-md bg-sunken" />}
      {!loading && !problem && rows.length === 0 && (
        <EmptyState
          icon={MapIcon}
          title="Nothing on the map"
          action={
            <Link to="/gateway/services/new" className={buttonClass('primary')}>
              New service
            </Link>
          }
          request={{
            method: 'POST',
            path: `/api/tenants/${tenantId}/services`,
            body: { name: 'Orders', targetUrl: 'http://10.0.0.5:8080' },
          }}
        >
          Create a service and a route to it, and you see here how requests travel and whether anybody
          answers.
        </EmptyState>
      )}
      {!loading && !problem && rows.length > 0 && (
        <ul aria-label="Services and the routes to them" className="flex flex-col gap-3">
          {rows.map((row) => (
            <MapLine key={row.service?.id ?? 'lost'} row={row} />
          ))}
        </ul>
      )}
    </Page>
  )
}
