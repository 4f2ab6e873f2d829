import type { StreamedBody } from '@holdfast/contracts/kit/media'
import { setInterval } from 'node:timers'

/** One Server-Sent Event. `data` goes out as JSON. */
export interface ServerSentEvent {
  event?: string
  id?: string | number
  data: unknown
}

const heartbeatDefaultMs = 15_000
const retryMs = 2_000

/**
 * Server-Sent Events (WHATWG HTML §9.2) of `source`, for a route that answers `stream('text/event-stream')`. Begins with
 * the client's reconnection time, sends a comment while nothing happens so that proxies keep the connection, and ends
 * when `source` ends or `signal` aborts (the client is gone, or the server stops). `source` is closed in either case.
 */
export function sse(
  source: AsyncIterable<ServerSentEvent>,
  signal: AbortSignal,
  heartbeatMs: number = heartbeatDefaultMs,
): StreamedBody {
  return { contentType: 'text/event-stream', body: frames(source, signal, heartbeatMs) }
}

/** The id a client resumes after (`Last-Event-ID`), or null when it starts fresh. */
export function lastEventId(headers: Readonly<Record<string, string | undefined>>): string | null {
  const id = headers['last-event-id']
  return id === undefined || id === '' ? null : id
}

async function* frames(
  source: AsyncIterable<ServerSentEvent>,
  signal: AbortSignal,
  heartbeatMs: number,
): AsyncGenerator<string> {
  yield `retry: ${retryMs}\n\n`
  const iterator = source[Symbol.asyncIterator]()
  const pause = createPause(signal, heartbeatMs)
  let next = iterator.next()
  // A failure while nobody waits is still seen at the next race.
  next.catch(() => undefined)
  try {
    while (!signal.aborted) {
      const result = await Promise.race([next, pause.wait()])
      if (result === 'aborted') return
      if (result === 'idle') {
        yield ': keep-alive\n\n'
        continue
      }
      if (result.done === true) return
      yield frame(result.value)
      next = iterator.next()
      next.catch(() => undefined)
    }
  } finally {
    pause.end()
    // Not awaited: a source that waits for its own signal would hold up the end of the response.
    void iterator.return?.().catch(() => undefined)
  }
}

/** One timer and one abort listener for the whole stream, instead of one pair per event. */
function createPause(signal: AbortSignal, heartbeatMs: number) {
  let wake: ((reason: 'idle' | 'aborted') => void) | undefined
  const timer = setInterval(() => wake?.('idle'), heartbeatMs)
  timer.unref()
  const abort = () => wake?.('aborted')
  signal.addEventListener('abort', abort)
  return {
    wait: () =>
      new Promise<'idle' | 'aborted'>((resolve) => {
        wake = resolve
        if (signal.aborted) resolve('aborted')
      }),
    end() {
      clearInterval(timer)
      signal.removeEventListener('abort', abort)
    },
  }
}

function frame({ event, id, data }: ServerSentEvent): string {
  const head = `${event === undefined ? '' : `event: ${oneLine(event)}\n`}${id === undefined ? '' : `id: ${oneLine(String(id))}\n`}`
  return `${head}data: ${JSON.stringify(data)}\n\n`
}

/** A line break would let a value end its own field and begin another. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ')
}
