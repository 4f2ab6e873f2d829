import {
  analyticsPageRows,
  LogFilters,
  type LogQuery,
  type RequestLog,
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
 * window of the repo. What follows the log looks again every second at the last few, because gateways report in batches
 * and not in the order of the requests.
 */
export interface GatewayLogs {
  list(ctx: Context, query: LogQuery): Promise<{ rows: RequestLog[]; nextCursor: string | null }>
  /** Requests that are reported from now on, oldest first. Throws gateway.streams_exhausted. */
  watch(ctx: Context, filters: LogFilters): AsyncGenerator<RequestLog>
}

interface Needs {
  repo: LogsRepo
  database: Pick<Database<Tables>, 'tenant'>
  /** Names of services, those that are gone left out. */
  serviceNames: (ctx: Context, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  streams: LiveStreams
}

const noFilters = LogFilters.parse({})
const watchedRows = 500
/** How late a report may come and still be seen by those who follow. */
const lateMs = 10_000

export function createGatewayLogs({ repo, database, serviceNames, streams }: Needs): GatewayLogs {
  async function named(ctx: Context, rows: readonly StoredLog[]): Promise<RequestLog[]> {
    const ids = [...new Set(rows.flatMap(({ serviceId }) => serviceId ?? []))]
    const names = ids.length === 0 ? new Map<string, string>() : await serviceNames(ctx, ids)
    return rows.map((row) => ({
      ...row,
      downstreamService: row.serviceId === null ? null : (names.get(row.serviceId) ?? null),
    }))
  }

  const newest = (ctx: Context, filters: LogFilters, from: string | undefined, limit: number) =>
    database.tenant(ctx, async (tx) =>
      named(tx, await repo.list(tx, filters, { from, after: null, offset: 0, limit })),
    )

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
      const [last] = await newest(ctx, noFilters, undefined, 1)
      let seenFrom = last?.timestamp
      const seen = new Map<string, string>(last === undefined ? [] : [[last.id, last.timestamp]])
      // What lies before the newest row when it begins is not news, even when it is within the time for late ones.
      for (const row of await newest(ctx, filters, before(seenFrom), watchedRows))
        seen.set(row.id, row.timestamp)
      for await (const _ of streams.ticks(ctx)) {
        const rows = await newest(ctx, filters, before(seenFrom), watchedRows)
        for (const row of rows.toReversed()) {
          if (seen.has(row.id)) continue
          seen.set(row.id, row.timestamp)
          if (seenFrom === undefined || row.timestamp > seenFrom) seenFrom = row.timestamp
          yield row
        }
        const oldest = before(seenFrom) ?? ''
        for (const [id, timestamp] of seen) if (timestamp < oldest) seen.delete(id)
      }
    },
  }
}

const before = (instant: string | undefined) =>
  instant === undefined ? undefined : new Date(Date.parse(instant) - lateMs).toISOString()
