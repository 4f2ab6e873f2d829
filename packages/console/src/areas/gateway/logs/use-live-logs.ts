import { RequestLog, SkippedLogs, watchLogs } from '@holdfast/contracts/gateway/analytics'
import { fillPath } from '@holdfast/contracts/kit/client'
import { useState } from 'react'
import { type StreamState, useEvents } from '../../../lib/events.ts'

/** As many as are kept on screen while following; older ones are in the pages below. */
const keptMax = 500

interface Tail {
  /** Which stream the rows came from: another one begins empty. */
  source: string
  rows: readonly RequestLog[]
  /** Came in too fast to be shown. */
  skipped: number
}

/** Requests that are reported while the page is open, newest first. */
export function useLiveLogs(
  tenantId: string,
  query: Readonly<Record<string, string>>,
  live: boolean,
): { rows: readonly RequestLog[]; skipped: number; state: StreamState } {
  // A span of time has ended before what comes now; following it would show what the filter excludes.
  const { from: _from, to: _to, ...followed } = query
  const search = new URLSearchParams(followed).toString()
  const source = `${fillPath(watchLogs.path, { tenantId })}${search === '' ? '' : `?${search}`}`
  const [tail, setTail] = useState<Tail>({ source, rows: [], skipped: 0 })
  const state = useEvents(live ? source : null, {
    types: ['log', 'skipped'],
    onEvent: ({ type, data }) => {
      const row = type === 'log' ? (RequestLog.safeParse(data).data ?? null) : null
      const skipped = type === 'skipped' ? (SkippedLogs.safeParse(data).data?.skipped ?? 0) : 0
      if (row === null && skipped === 0) return
      setTail((known) => {
        const before = known.source === source ? known : { rows: [], skipped: 0 }
        return {
          source,
          rows: row === null ? before.rows : [row, ...before.rows].slice(0, keptMax),
          skipped: before.skipped + skipped,
        }
      })
    },
  })
  const shown = live && tail.source === source ? tail : { rows: [], skipped: 0 }
  return { rows: shown.rows, skipped: shown.skipped, state }
}
