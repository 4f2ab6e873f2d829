import type { ConsumerStats } from '@holdfast/contracts/gateway/analytics'
import { bucketOf, percentileMs } from '@holdfast/contracts/gateway/histogram'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { UsageRepo } from './repo.ts'

/** What consumers have used: exact counts by hours, and how their newest requests went. Also of revoked ones. */
export interface Usage {
  /** Throws gateway_consumers.not_found. */
  ofConsumer(ctx: Context, consumerId: string): Promise<ConsumerStats>
}

interface Needs {
  repo: UsageRepo
  database: Pick<Database<Tables>, 'tenant'>
  hasConsumer: (ctx: Context, id: string) => Promise<boolean>
  clock: Clock
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const recentRows = 1_000

export function createUsage({ repo, database, hasConsumer, clock }: Needs): Usage {
  return {
    ofConsumer: (ctx, consumerId) =>
      database.tenant(ctx, async (tx) => {
        if (!(await hasConsumer(tx, consumerId))) throw problem('gateway_consumers.not_found')
        const nowMs = clock.nowMs()
        const hours = await repo.hours(tx, consumerId, new Date(nowMs - 7 * dayMs))
        const recent = await repo.recent(tx, consumerId, recentRows)
        // Whole hours are counted: the one in which the span begins is in it.
        const within = (spanMs: number) =>
          hours.filter(({ timestamp }) => Date.parse(timestamp) > nowMs - spanMs - hourMs)
        const sum = (spanMs: number) => within(spanMs).reduce((total, { requests }) => total + requests, 0)
        const share = (isCounted: (status: number) => boolean) =>
          recent.filter(({ statusCode }) => isCounted(statusCode)).length
        return {
          consumerId,
          requests: { lastHour: sum(hourMs), last24Hours: sum(dayMs), last7Days: sum(7 * dayMs) },
          hours: within(dayMs),
          recent: {
            requests: recent.length,
            errorRate: recent.length === 0 ? 0 : share((status) => status >= 500) / recent.length,
            limited: share((status) => status === 429),
            p95Ms: percentileMs(
              recent.map(({ responseTimeMs }) => [bucketOf(responseTimeMs), 1] as const),
              0.95,
            ),
          },
          lastRequestAt: recent[0]?.at ?? null,
        }
      }),
  }
}
