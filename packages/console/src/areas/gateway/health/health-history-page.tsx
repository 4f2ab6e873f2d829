import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { formatDuration } from '../../../lib/format.ts'
import { LineChart } from '../../../ui/chart/line-chart.tsx'
import { Drawer } from '../../../ui/drawer.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { ExactTime } from '../../../ui/values.tsx'
import { healthHistoryQuery, servicesQuery } from '../queries.ts'
import { HealthBadge } from '../status-badge.tsx'
import { useTenant } from '../use-tenant.ts'

/** The newest hundred health checks of a service, as a line and as a list. */
export default function HealthHistoryPage() {
  const { serviceId = '' } = useParams({ strict: false })
  const { tenantId } = useTenant()
  const navigate = useNavigate()
  const services = useQuery(servicesQuery(tenantId))
  const history = useQuery(healthHistoryQuery(tenantId, serviceId))
  const name = services.data?.find(({ id }) => id === serviceId)?.name ?? 'Service'
  // Several gateways may report in one second; the axis wants each moment once.
  const seconds = (at: string) => Math.floor(Date.parse(at) / 1_000)
  const bySecond = new Map(
    (history.data ?? []).toReversed().map((check) => [seconds(check.checkedAt), check]),
  )
  return (
    <Drawer
      size="large"
      title={`Health of ${name}`}
      onClose={() => void navigate({ to: '/gateway/health', search: (previous) => previous })}
    >
      {history.error ? (
        <ProblemNotice problem={history.error} onRetry={() => void history.refetch()} />
      ) : (
        <div aria-busy={history.isPending} className="flex flex-col gap-4">
          <LineChart
            title="Health checks answered in"
            times={[...bySecond.keys()]}
            format={formatDuration}
            series={[
              { label: 'Answered in', values: [...bySecond.values()].map(({ latencyMs }) => latencyMs) },
            ]}
          />
          <ol className="flex flex-col divide-y divide-line rounded-md border border-line">
            {history.data?.map((check) => (
              <li
                key={`${check.gatewayId} ${check.checkedAt}`}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm"
              >
                <HealthBadge status={check.status} />
                <ExactTime at={check.checkedAt} />
                {check.latencyMs !== null && (
                  <span className="text-ink-muted tabular-nums">{formatDuration(check.latencyMs)}</span>
                )}
                {check.errorMessage && <span className="text-ink-muted">{check.errorMessage}</span>}
              </li>
            ))}
          </ol>
          {history.data?.length === 0 && (
            <p className="text-sm text-ink-muted">No gateway has checked this service yet.</p>
          )}
        </div>
      )}
    </Drawer>
  )
}
