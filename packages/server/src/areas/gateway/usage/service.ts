import type { ConsumerStats } from '@holdfast/contracts/gateway/analytics'
import { bucketOf, percentileMs } from '@holdfast/contracts/gateway/histogram'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { UsageRepo } from './repo.ts'

/** What consumers have used: exact counts by ten minutes and hours, and how their newest requests went. Also of revoked ones. */
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

const sumOf = (slots: readonly { requests: number }[]) =>
  slots.reduce((total, { requests }) => total + requests, 0)

export function createUsage({ repo, database, hasConsumer, clock }: Needs): Usage {
  return {
    ofConsumer: (ctx, consumerId) =>
      database.tenant(ctx, async (tx) => {
        if (!(await hasConsumer(tx, consumerId))) throw problem('gateway_consumers.not_found')
        const nowMs = clock.nowMs()
        // A slot in which a span begins is not in it: what is counted is never longer ago than it says.
        const hours = await repo.slots(tx, 'gateway_consumer_hours', consumerId, new Date(nowMs - 7 * dayMs))
        const lastDay = hours.filter(({ timestamp }) => Date.parse(timestamp) > nowMs - dayMs)
        const lastHour = await repo.slots(
          tx,
          'gateway_consumer_ten_minutes',
          consumerId,
          new Date(nowMs - hourMs),
        )
        const recent = await repo.recent(tx, consumerId, recentRows)
        const share = (isCounted: (status: number) => boolean) =>
          recent.filter(({ statusCode }) => isCounted(statusCode)).length
        return {
          consumerId,
          requests: { lastHour: sumOf(lastHour), last24Hours: sumOf(lastDay), last7Days: sumOf(hours) },
          hours: lastDay,
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
