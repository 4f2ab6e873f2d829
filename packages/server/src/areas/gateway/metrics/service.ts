import type { MetricsPeriod, MetricsSnapshot } from '@holdfast/contracts/gateway/analytics'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { LiveStreams } from '../live-streams.ts'
import type { GatewayMetricsRepo } from './repo.ts'
import { fineSlotMs, fullSlots, knownOf, metricsSnapshot, periods, type StoredMetrics } from './rules.ts'

/** Rate, latency and errors of all gateways of a tenant together. Slots without a report are left out. */
export interface GatewayMetrics {
  /** Oldest first. */
  list(ctx: Context, period: MetricsPeriod): Promise<MetricsSnapshot[]>
  /** The last full ten seconds, at once and whenever they say something else. */
  watch(ctx: Context): AsyncGenerator<{ event: 'metrics'; data: MetricsSnapshot }>
}

interface Needs {
  repo: GatewayMetricsRepo
  database: Pick<Database<Tables>, 'tenant'>
  streams: Pick<LiveStreams, 'ticks'>
  clock: Clock
}

const fineSlotSeconds = fineSlotMs / 1_000
const liveLookBackMs = 30_000

export function createGatewayMetrics({ repo, database, streams, clock }: Needs): GatewayMetrics {
  const fine = async (ctx: Context, from: Date) =>
    fullSlots(await repo.since(ctx, fineSlotSeconds, from), clock.nowMs())
  const shown = (slot: StoredMetrics) =>
    metricsSnapshot(slot, { requests: slot.requests, seconds: fineSlotSeconds })

  async function list(ctx: Context, period: MetricsPeriod): Promise<MetricsSnapshot[]> {
    const nowMs = clock.nowMs()
    const { slotSeconds, lengthMs } = periods[period]
    const from = new Date(nowMs - lengthMs)
    if (slotSeconds === fineSlotSeconds) return (await fine(ctx, from)).map(shown)
    const stored = await repo.since(ctx, slotSeconds, from)
    const last = stored.at(-1)
    if (last === undefined) return []
    const within = await repo.since(ctx, fineSlotSeconds, new Date(last.at))
    return stored.map((slot) =>
      metricsSnapshot(
        slot,
        slot === last
          ? knownOf(slot, slotSeconds, within, nowMs)
          : { requests: slot.requests, seconds: slotSeconds },
      ),
    )
  }

  return {
    list: (ctx, period) => database.tenant(ctx, (tx) => list(tx, period)),

    async *watch(ctx) {
      let told = ''
      for await (const _ of streams.ticks(ctx)) {
        const from = new Date(clock.nowMs() - liveLookBackMs)
        const newest = (await database.tenant(ctx, (tx) => fine(tx, from))).at(-1)
        if (newest === undefined || JSON.stringify(newest) === told) continue
        told = JSON.stringify(newest)
        yield { event: 'metrics', data: shown(newest) }
      }
    },
  }
}
