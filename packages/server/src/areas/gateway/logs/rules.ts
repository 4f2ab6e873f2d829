import type { LogFilters } from '@holdfast/contracts/gateway/analytics'

/** Where a page goes on: after the row of this instant and id. */
export interface LogCursor {
  at: string
  id: string
}

/** The contract has checked its form; null when there is none, or its instant does not exist. */
export function readCursor(text: string | undefined): LogCursor | null {
  const [at, id] = text?.split('_') ?? []
  if (at === undefined || id === undefined || Number.isNaN(Date.parse(at))) return null
  return { at: storableInstant(at), id }
}

const earliest = '0001-01-01T00:00:00.000Z'
const latest = '9999-12-31T23:59:59.999Z'

/** In UTC, and within the years that both PostgreSQL and RFC 3339 can write. */
export function storableInstant(instant: string): string {
  const ms = Math.min(Date.parse(latest), Math.max(Date.parse(earliest), Date.parse(instant)))
  return new Date(ms).toISOString()
}

export function writeCursor({ timestamp, id }: { timestamp: string; id: string }): string {
  return `${timestamp}_${id}`
}

/** The one filter that an index answers; all others look at what it leaves. */
export type IndexedFilter =
  | { column: 'consumer_id' | 'route_id'; value: string }
  | { column: 'status_code'; value: number }

export function indexedFilter({ consumerId, routeId, statusCode }: LogFilters): IndexedFilter | null {
  if (consumerId !== undefined) return { column: 'consumer_id', value: consumerId }
  if (routeId !== undefined) return { column: 'route_id', value: routeId }
  if (statusCode === undefined || statusCode.endsWith('xx')) return null
  return { column: 'status_code', value: Number(statusCode) }
}

/** `404` is 404 to 404, `5xx` is 500 to 599. */
export function statusRange(filter: string): [from: number, to: number] {
  return filter.endsWith('xx')
    ? [Number(filter[0]) * 100, Number(filter[0]) * 100 + 99]
    : [Number(filter), Number(filter)]
}
