import type { MetricsPeriod, MetricsSnapshot } from '@holdfast/contracts/gateway/analytics'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { formatCompact, formatDuration } from '../../../lib/format.ts'
import { LineChart } from '../../../ui/chart/line-chart.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { metricsQuery } from '../queries.ts'
import { type MetricsPoint, metricsPoints } from './metrics-points.ts'
import { formatShare } from './share.ts'

/** Up to 5 % is drawn on one scale; an axis to 100 % would hide what matters. */
const errorRateReach = 0.05

const none: MetricsSnapshot[] = []

/** Rate, latency and errors over a period, with one crosshair. */
export function MetricsCharts({ tenantId, period }: { tenantId: string; period: MetricsPeriod }) {
  const metrics = useQuery(metricsQuery(tenantId, period))
  const snapshots = metrics.data ?? none
  const { times, points } = useMemo(
    () => metricsPoints(snapshots, period, metrics.dataUpdatedAt),
    [snapshots, period, metrics.dataUpdatedAt],
  )
  const read = (value: (point: NonNullable<MetricsPoint>) => number | null) =>
    points.map((point) => (point === null ? null : value(point)))
  if (metrics.error) return <ProblemNotice problem={metrics.error} onRetry={() => void metrics.refetch()} />
  return (
    <div className="grid gap-6 lg:grid-cols-3" aria-busy={metrics.isPending}>
      <LineChart
        title="Requests a second"
        times={times}
        group="gateway"
        format={formatCompact}
        series={[{ label: 'Requests a second', values: read(({ rps }) => rps) }]}
      />
      <LineChart
        title="Latency"
        times={times}
        group="gateway"
        format={formatDuration}
        series={[
          { label: 'p50', values: read(({ p50Ms }) => p50Ms), tone: 'ok' },
          { label: 'p95', values: read(({ p95Ms }) => p95Ms), tone: 'warn' },
          { label: 'p99', values: read(({ p99Ms }) => p99Ms), tone: 'bad' },
        ]}
      />
      <LineChart
        title="Error rate"
        times={times}
        group="gateway"
        format={formatShare}
        reach={errorRateReach}
        series={[{ label: 'Errors', values: read(({ errorRate }) => errorRate), tone: 'bad' }]}
      />
    </div>
  )
}
