import { metricsPeriods } from '@holdfast/contracts/gateway/analytics'
import type { GatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { useQuery } from '@tanstack/react-query'
import { plural } from '../../../lib/format.ts'
import { useUrlFilters } from '../../../lib/url-filters.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Page, Section } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { statusQuery } from '../queries.ts'
import { texts } from '../strings.ts'
import { useTenant } from '../use-tenant.ts'
import { GatewaysTable } from './gateways-table.tsx'
import { KeysSection } from './keys-section.tsx'
import { LiveNumbers } from './live-numbers.tsx'
import { MetricsCharts } from './metrics-charts.tsx'
import { PeriodPicker } from './period-picker.tsx'

/** One tenant at a glance: traffic now and lately, its gateways, and the keys that let them in. */
export default function OverviewPage() {
  const { tenantId, isAdmin } = useTenant()
  const status = useQuery(statusQuery(tenantId))
  const filters = useUrlFilters(['period'])
  const period = metricsPeriods.find((one) => one === filters.values.period) ?? '1h'
  return (
    <Page
      title="Gateway"
      description={texts.overview}
      badge={status.data && <StatusBadge status={status.data} />}
      request={{ method: 'GET', path: `/api/tenants/${tenantId}/metrics?period=${period}` }}
    >
      <LiveNumbers tenantId={tenantId} />
      <Section
        title="Traffic"
        action={<PeriodPicker value={period} onChange={(next) => filters.set({ period: next })} />}
      >
        <MetricsCharts tenantId={tenantId} period={period} />
      </Section>
      <Section
        title="Gateways"
        description={status.data && `The newest configuration is revision ${status.data.revision}.`}
      >
        {status.error ? (
          <ProblemNotice problem={status.error} onRetry={() => void status.refetch()} />
        ) : (
          <GatewaysTable status={status.data} loading={status.isPending} />
        )}
      </Section>
      {isAdmin && <KeysSection tenantId={tenantId} gateways={status.data?.gateways ?? []} />}
    </Page>
  )
}

function StatusBadge({ status }: { status: GatewayStatus }) {
  const online = status.gateways.filter((gateway) => gateway.online).length
  if (online === 0) return <Badge tone="warn">No gateway connected</Badge>
  if (status.behind > 0) return <Badge tone="warn" dot>{`${plural(status.behind, 'gateway')} behind`}</Badge>
  return (
    <Badge tone="ok" dot>
      {plural(online, 'gateway')} connected
    </Badge>
  )
}
