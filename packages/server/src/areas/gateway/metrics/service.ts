import type { MetricsPeriod, MetricsSnapshot } from '@holdfast/contracts/gateway/analytics'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { LiveStreams } from '../live-streams.ts'
import type { GatewayMetricsRepo } from './repo.ts'
import { metricsSnapshot, periods } from './rules.ts'

/** Rate, latency and errors of all gateways of a tenant together. Slots without a report are left out. */
export interface GatewayMetrics {
  /** Oldest first. */
  list(ctx: Context, period: MetricsPeriod): Promise<MetricsSnapshot[]>
  /** The newest slot of ten seconds, at once and whenever it says something else. */
  watch(ctx: Context): AsyncGenerator<MetricsSnapshot>
}

interface Needs {
  repo: GatewayMetricsRepo
  database: Pick<Database<Tables>, 'tenant'>
  streams: Pick<LiveStreams, 'ticks'>
  clock: Clock
}

const liveSlotSeconds = 10
const liveLookBackMs = 30_000

export function createGatewayMetrics({ repo, database, streams, clock }: Needs): GatewayMetrics {
  const since = (ctx: Context, slotSeconds: number, lengthMs: number) =>
    database.tenant(ctx, async (tx) => {
      const nowMs = clock.nowMs()
      const stored = await repo.since(tx, slotSeconds, new Date(nowMs - lengthMs))
      return stored.map((slot) => metricsSnapshot(slot, slotSeconds, nowMs))
    })

  return {
    list: (ctx, period) => since(ctx, periods[period].slotSeconds, periods[period].lengthMs),

    async *watch(ctx) {
      let told = ''
      for await (const _ of streams.ticks(ctx)) {
        const newest = (await since(ctx, liveSlotSeconds, liveLookBackMs)).at(-1)
        if (newest === undefined || JSON.stringify(newest) === told) continue
        told = JSON.stringify(newest)
        yield newest
      }
    },
  }
}
