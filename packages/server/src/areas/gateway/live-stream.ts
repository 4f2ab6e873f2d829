import type { StreamedBody } from '@holdfast/contracts/kit/media'
import type { Context } from '../../context.ts'
import { type ServerSentEvent, sse } from '../../http/sse.ts'
import type { LiveStreams } from './live-streams.ts'

/** `events` as Server-Sent Events; the place they take is given back however they end. Throws gateway.streams_exhausted. */
export function liveStream(
  streams: LiveStreams,
  ctx: Context,
  events: AsyncGenerator<ServerSentEvent>,
): StreamedBody {
  const leave = streams.enter(ctx)
  // A stream whose client is gone before its first byte is never iterated.
  ctx.signal.addEventListener('abort', leave, { once: true })
  if (ctx.signal.aborted) leave()
  return sse(leaving(events, leave), ctx.signal)
}

async function* leaving(
  events: AsyncGenerator<ServerSentEvent>,
  leave: () => void,
): AsyncGenerator<ServerSentEvent> {
  try {
    yield* events
  } finally {
    leave()
  }
}
