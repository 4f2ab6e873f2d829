import { useEffect, useEffectEvent, useState } from 'react'
import { apiUrl } from './base.ts'
import { reportConnection } from './connection.ts'
import { queryClient } from './query.ts'
import { meQuery } from './session.ts'

export type StreamState = 'connecting' | 'live' | 'stale'

/** One event of a stream: its name, its id, and the data as it was parsed. */
export interface StreamEvent {
  type: string
  id: string
  data: unknown
}

export interface EventsOptions {
  /** The names to listen for besides the unnamed `message`. */
  types?: readonly string[]
  onEvent: (event: StreamEvent) => void
}

const firstRetryMs = 1_000
const longestRetryMs = 30_000

/**
 * Listens to Server-Sent Events at an API path for as long as the component is on screen; null listens to nothing.
 * The browser resumes a dropped stream by itself with `Last-Event-ID` (WHATWG HTML, 9.2); when it gives up (a 503, a
 * proxy's error page) a new one is opened, waiting twice as long each time. `stale` says that what is shown may be old.
 */
export function useEvents(path: string | null, { types = [], onEvent }: EventsOptions): StreamState {
  const [state, setState] = useState<StreamState>('connecting')
  const receive = useEffectEvent(onEvent)
  const names = types.join(',')

  useEffect(() => {
    if (path === null) return undefined
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let retryMs = firstRetryMs

    const handle = (event: MessageEvent<string>) =>
      receive({ type: event.type, id: event.lastEventId, data: parse(event.data) })

    const open = () => {
      const stream = new EventSource(apiUrl(path), { withCredentials: true })
      source = stream
      stream.addEventListener('open', () => {
        retryMs = firstRetryMs
        setState('live')
        reportConnection('online')
      })
      stream.addEventListener('error', () => {
        setState('stale')
        if (stream.readyState !== EventSource.CLOSED) return
        // A stream does not say why it was refused. Asking who is signed in finds out whether the session has ended.
        void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
        timer = setTimeout(open, retryMs)
        retryMs = Math.min(retryMs * 2, longestRetryMs)
      })
      for (const name of ['message', ...names.split(',').filter(Boolean)])
        stream.addEventListener(name, handle)
    }

    open()
    return () => {
      clearTimeout(timer)
      source?.close()
    }
  }, [path, names])

  return state
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not every stream speaks JSON: a log line is its own text.
    return text
  }
}
