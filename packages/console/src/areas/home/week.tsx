import type { DashboardStats } from '@holdfast/contracts/platform/dashboard'
import { useQuery } from '@tanstack/react-query'
import { type ChartSeries, LineChart } from '../../ui/chart/line-chart.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { Attention } from './attention.tsx'
import { statsQuery } from './queries.ts'

const group = 'week'
const heightPx = 140

/** The last seven days: what came in, what failed, what the installation did by itself, and what needs somebody. */
export function Week() {
  const stats = useQuery(statsQuery)
  return (
    <section aria-labelledby="home-week">
      <h2 id="home-week" className="mb-2 text-base font-semibold">
        The last seven days
      </h2>
      {stats.error && <ProblemNotice problem={stats.error} onRetry={() => void stats.refetch()} />}
      {stats.isPending && <div aria-busy className="h-60 animate-pulse rounded-md bg-sunken" />}
      {stats.data && (
        <div className="flex flex-col gap-3">
          <Attention health={stats.data.automationHealth} />
          {isQuiet(stats.data) ? (
            <Notice>
              Nothing has been called in these seven days. Charts of requests, errors, sign-ins and
              automations appear with the first call.
            </Notice>
          ) : (
            <Charts stats={stats.data} />
          )}
        </div>
      )}
    </section>
  )
}

function Charts({ stats }: { stats: DashboardStats }) {
  const times = stats.requestsOverTime.map(({ date }) => startOf(date))
  const counts = (over: readonly { count: number }[]) => over.map(({ count }) => count)
  const traffic = stats.trafficBySourceOverTime
  const charts: { title: string; series: ChartSeries[] }[] = [
    {
      title: 'Requests',
      series: [
        { label: 'All', values: counts(stats.requestsOverTime) },
        { label: 'Failed', values: counts(stats.errorsOverTime), tone: 'bad' },
      ],
    },
    {
      title: 'Requests by source',
      series: [
        { label: 'Direct', values: traffic.map(({ direct }) => direct) },
        { label: 'API key', values: traffic.map((day) => day.api_key), tone: 'info' },
        { label: 'MCP', values: traffic.map(({ mcp }) => mcp), tone: 'ok' },
        { label: 'Cron', values: traffic.map(({ cron }) => cron), tone: 'warn' },
      ],
    },
    { title: 'Sign-ins', series: [{ label: 'Sign-ins', values: counts(stats.loginsOverTime) }] },
    { title: 'Webhook deliveries', series: outcomes(stats.webhooksOverTime) },
    { title: 'Cron runs', series: outcomes(stats.cronRunsOverTime) },
  ]
  return (
    <div className="grid gap-2 md:grid-cols-2 xl:grid-cols-3">
      {charts.map(({ title, series }) => (
        <div key={title} className="min-w-0 rounded-md border border-line bg-surface p-3">
          <LineChart title={title} times={times} series={series} group={group} heightPx={heightPx} />
        </div>
      ))}
    </div>
  )
}

function outcomes(days: readonly { success: number; error: number }[]): ChartSeries[] {
  return [
    { label: 'Done', values: days.map(({ success }) => success), tone: 'ok' },
    { label: 'Failed', values: days.map(({ error }) => error), tone: 'bad' },
  ]
}

/** A day of the server (UTC) is drawn at the beginning of the viewer's day with the same date, so that the date stays. */
function startOf(date: string): number {
  return new Date(`${date}T00:00:00`).getTime() / 1_000
}

function isQuiet(stats: DashboardStats): boolean {
  const outcomeDays = [...stats.webhooksOverTime, ...stats.cronRunsOverTime]
  return (
    stats.requests === 0 &&
    stats.loginsOverTime.every(({ count }) => count === 0) &&
    outcomeDays.every(({ success, error }) => success + error === 0)
  )
}
