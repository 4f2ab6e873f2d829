import type { ConsumerStats } from '@holdfast/contracts/gateway/analytics'
import { formatDuration, formatNumber } from '../../../lib/format.ts'
import { useNow } from '../../../lib/ticking.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { RelativeTime } from '../../../ui/values.tsx'
import { formatShare } from '../overview/share.ts'
import { hourlyCounts } from './hourly-counts.ts'
import { Sparkline } from './sparkline.tsx'

/** How much a consumer has used lately. */
export function ConsumerUsage({ stats, problem }: { stats: ConsumerStats | undefined; problem: unknown }) {
  const now = useNow()
  if (problem) return <ProblemNotice problem={problem} />
  if (!stats) return <div aria-busy className="h-48 animate-pulse rounded-md bg-sunken" />
  const { requests, recent, hours, lastRequestAt } = stats
  const facts: ReadonlyArray<[string, React.ReactNode]> = [
    ['Last hour', formatNumber(requests.lastHour)],
    ['Last 24 hours', formatNumber(requests.last24Hours)],
    ['Last 7 days', formatNumber(requests.last7Days)],
    ['Last request', <RelativeTime key="last" at={lastRequestAt} />],
    ['Errors lately', recent.requests === 0 ? '–' : formatShare(recent.errorRate)],
    ['Over the limit lately', formatNumber(recent.limited)],
    ['p95 lately', recent.p95Ms === null ? '–' : formatDuration(recent.p95Ms)],
  ]
  return (
    <section aria-labelledby="usage" className="flex flex-col gap-3">
      <h3 id="usage" className="text-sm font-medium">
        Requests, hour by hour
      </h3>
      <div>
        <Sparkline counts={hourlyCounts(hours, now.getTime())} />
        <p aria-hidden className="mt-1 flex justify-between text-xs text-ink-subtle">
          <span>24 hours ago</span>
          <span>Now</span>
        </p>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-muted">{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
