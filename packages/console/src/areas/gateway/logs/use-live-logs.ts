import { RequestLog, watchLogs } from '@holdfast/contracts/gateway/analytics'
import { fillPath } from '@holdfast/contracts/kit/client'
import { useState } from 'react'
import { type StreamState, useEvents } from '../../../lib/events.ts'

/** As many as are kept on screen while following; older ones are in the pages below. */
const keptMax = 500

interface Tail {
  /** Which stream the rows came from: another one begins empty. */
  source: string
  rows: readonly RequestLog[]
}

/** Requests that are reported while the page is open, newest first. */
export function useLiveLogs(
  tenantId: string,
  query: Readonly<Record<string, string>>,
  live: boolean,
): { rows: readonly RequestLog[]; state: StreamState } {
  // A span of time has ended before what comes now; following it would show what the filter excludes.
  const { from: _from, to: _to, ...followed } = query
  const search = new URLSearchParams(followed).toString()
  const source = `${fillPath(watchLogs.path, { tenantId })}${search === '' ? '' : `?${search}`}`
  const [tail, setTail] = useState<Tail>({ source, rows: [] })
  const state = useEvents(live ? source : null, {
    types: ['log'],
    onEvent: ({ data }) => {
      const row = RequestLog.safeParse(data)
      if (!row.success) return
      setTail((known) => ({
        source,
        rows: [row.data, ...(known.source === source ? known.rows : [])].slice(0, keptMax),
      }))
    },
  })
  return { rows: live && tail.source === source ? tail.rows : [], state }
}
