import { MetricsSnapshot, watchMetrics } from '@holdfast/contracts/gateway/analytics'
import { fillPath } from '@holdfast/contracts/kit/client'
import { useState } from 'react'
import { useEvents } from '../../../lib/events.ts'
import { formatDuration, formatNumber } from '../../../lib/format.ts'
import { useNow } from '../../../lib/ticking.ts'
import { LiveState } from '../../../ui/live-state.tsx'
import { formatShare } from './share.ts'

/** A slot that is older than this is not "now" any more. */
const currentMs = 45_000

/** The last full ten seconds of all gateways together: those that run are not reported yet. */
export function LiveNumbers({ tenantId }: { tenantId: string }) {
  const [newest, setNewest] = useState<MetricsSnapshot>()
  const now = useNow()
  const state = useEvents(fillPath(watchMetrics.path, { tenantId }), {
    types: ['metrics'],
    onEvent: ({ data }) => {
      const snapshot = MetricsSnapshot.safeParse(data)
      if (snapshot.success) setNewest(snapshot.data)
    },
  })
  const current = newest && now.getTime() - Date.parse(newest.timestamp) < currentMs ? newest : undefined
  const duration = (milliseconds: number | null | undefined) =>
    milliseconds === null || milliseconds === undefined ? '–' : formatDuration(milliseconds)
  const numbers = [
    { label: 'Requests a second', value: formatNumber(Math.round((current?.rps ?? 0) * 10) / 10) },
    { label: 'p50', value: duration(current?.p50Ms) },
    { label: 'p95', value: duration(current?.p95Ms) },
    { label: 'p99', value: duration(current?.p99Ms) },
    { label: 'Errors', value: current && current.requests > 0 ? formatShare(current.errorRate) : '–' },
  ]
  return (
    <section aria-labelledby="live-numbers" className="mb-4">
      <h2 id="live-numbers" className="mb-2 flex items-center gap-2 text-base font-semibold">
        Last ten seconds <LiveState state={state} />
      </h2>
      <dl className="grid grid-cols-2 gap-2 sm:grid-cols-5">
        {numbers.map(({ label, value }) => (
          <div
            key={label}
            className="flex h-18 flex-col-reverse max-sm:first:col-span-2 justify-center rounded-md border border-line bg-surface px-4"
          >
            <dt className="text-sm text-ink-muted">{label}</dt>
            <dd className="text-xl font-semibold tracking-tight tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
