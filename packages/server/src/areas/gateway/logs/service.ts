import {
  analyticsPageRows,
  type LogFilters,
  type LogQuery,
  type RequestLog,
  type SkippedLogs,
} from '@holdfast/contracts/gateway/analytics'
import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { LiveStreams } from '../live-streams.ts'
import type { LogsRepo, StoredLog } from './repo.ts'
import { readCursor, storableInstant, writeCursor } from './rules.ts'

/**
 * The request logs that gateways have reported, page by page and as they come in.
 *
 * A page is found by its cursor at the same cost however far back it is; a page number skips rows and is bounded by the
 * window of the repo. What follows the log looks once a second at what has been stored since, because gateways report in
 * batches, and a request when it is over. Of more than anybody reads, the newest are told, and how many the others are.
 */
export interface GatewayLogs {
  list(ctx: Context, query: LogQuery): Promise<{ rows: RequestLog[]; nextCursor: string | null }>
  /** Requests that are reported from now on, oldest first: `log` for each, `skipped` with how many were left out. */
  watch(ctx: Context, filters: LogFilters): AsyncGenerator<LogNews>
}

export type LogNews = { event: 'log'; data: RequestLog } | { event: 'skipped'; data: SkippedLogs }

interface Needs {
  repo: LogsRepo
  database: Pick<Database<Tables>, 'tenant'>
  /** Names of services, those that are gone left out. */
  serviceNames: (ctx: Context, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  streams: LiveStreams
}

/** As many of one second as anybody can be shown. */
const watchedRows = 500

export function createGatewayLogs({ repo, database, serviceNames, streams }: Needs): GatewayLogs {
  async function named(ctx: Context, rows: readonly StoredLog[]): Promise<RequestLog[]> {
    const ids = [...new Set(rows.flatMap(({ serviceId }) => serviceId ?? []))]
    const names = ids.length === 0 ? new Map<string, string>() : await serviceNames(ctx, ids)
    return rows.map((row) => ({
      ...row,
      downstreamService: row.serviceId === null ? null : (names.get(row.serviceId) ?? null),
    }))
  }

  return {
    list: (ctx, { page, cursor, from, to, ...filters }) =>
      database.tenant(ctx, async (tx) => {
        const after = readCursor(cursor)
        const offset = after === null ? (page - 1) * analyticsPageRows : 0
        const found = await repo.list(tx, filters, {
          from: from && storableInstant(from),
          to: to && storableInstant(to),
          after,
          offset,
          limit: analyticsPageRows + 1,
        })
        const rows = await named(tx, found.slice(0, analyticsPageRows))
        const last = rows.at(-1)
        const nextCursor = found.length > analyticsPageRows && last !== undefined ? writeCursor(last) : null
        return { rows, nextCursor }
      }),

    async *watch(ctx, filters) {
      let since = await database.tenant(ctx, repo.snapshot)
      for await (const _ of streams.ticks(ctx)) {
        const news = await database.tenant(ctx, async (tx) => {
          const until = await repo.snapshot(tx)
          const { rows, total } = await repo.arrived(tx, filters, { since, until, limit: watchedRows })
          return { until, total, rows: await named(tx, rows) }
        })
        since = news.until
        if (news.total > news.rows.length)
          yield { event: 'skipped', data: { skipped: news.total - news.rows.length } }
        for (const data of news.rows.toReversed()) yield { event: 'log', data }
      }
    },
  }
}
