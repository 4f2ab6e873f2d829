import type { HealthSnapshot } from '@holdfast/contracts/gateway/analytics'
import type { ServiceEntity } from '@holdfast/contracts/gateway/services'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { HeartPulse } from 'lucide-react'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import type { Column } from '../../../ui/table/columns.ts'
import { DataTable } from '../../../ui/table/data-table.tsx'
import { Duration, Nothing, RelativeTime } from '../../../ui/values.tsx'
import { healthQuery, servicesQuery } from '../queries.ts'
import { HealthBadge } from '../status-badge.tsx'
import { texts } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'

interface Row {
  service: ServiceEntity
  newest: HealthSnapshot | undefined
}

const columns: ReadonlyArray<Column<Row>> = [
  {
    id: 'name',
    header: 'Service',
    isTitle: true,
    sortBy: ({ service }) => service.name,
    cell: ({ service }) => service.name,
  },
  {
    id: 'status',
    header: 'Health',
    width: '136px',
    sortBy: ({ newest }) => newest?.status,
    cell: ({ newest }) => <HealthBadge status={newest?.status ?? 'unknown'} />,
  },
  {
    id: 'latency',
    header: 'Answered in',
    width: '112px',
    align: 'end',
    cell: ({ newest }) =>
      newest?.latencyMs == null ? <Nothing /> : <Duration milliseconds={newest.latencyMs} />,
  },
  {
    id: 'checked',
    header: 'Checked',
    width: '136px',
    cell: ({ newest }) => <RelativeTime at={newest?.checkedAt} />,
  },
  {
    id: 'problem',
    header: 'What is wrong',
    cell: ({ newest }) => newest?.errorMessage ?? <Nothing text="Nothing" />,
  },
]

/** The newest health check of every service; its history opens beside. */
export default function HealthPage() {
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const services = useQuery(servicesQuery(tenantId))
  const health = useQuery(healthQuery(tenantId))
  const problem = services.error ?? health.error
  const rows = (services.data ?? []).map((service) => ({
    service,
    newest: health.data?.find(({ serviceId }) => serviceId === service.id),
  }))
  return (
    <Page
      title="Service health"
      description={texts.health}
      request={{ method: 'GET', path: `/api/tenants/${tenantId}/health` }}
    >
      {problem ? (
        <ProblemNotice
          problem={problem}
          onRetry={() => {
            void services.refetch()
            void health.refetch()
          }}
        />
      ) : (
        <DataTable
          name="gateway-health"
          label="Service health"
          columns={columns}
          rows={rows}
          rowId={({ service }) => service.id}
          loading={services.isPending || health.isPending}
          onOpen={({ service }) =>
            void navigate({ to: '/gateway/health/$serviceId', params: { serviceId: service.id } })
          }
          empty={
            <EmptyState
              icon={HeartPulse}
              title="Nothing to watch"
              request={{
                method: 'POST',
                path: `/api/tenants/${tenantId}/services`,
                body: { name: 'Orders', targetUrl: 'http://10.0.0.5:8080', healthCheckPath: '/health' },
              }}
            >
              Every gateway asks each service at its health path, every ten seconds. Create a service, and its
              health is here.
            </EmptyState>
          }
        />
      )}
      <Outlet />
    </Page>
  )
}
