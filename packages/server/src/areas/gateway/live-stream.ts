import type { StreamedBody } from '@holdfast/contracts/kit/media'
import type { Context } from '../../context.ts'
import { type ServerSentEvent, sse } from '../../http/sse.ts'
import type { LiveStreams } from './live-streams.ts'

/** `values` as Server-Sent Events called `event`; the place it takes is given back however it ends. */
export function liveStream(
  streams: LiveStreams,
  ctx: Context,
  event: string,
  values: AsyncGenerator,
): StreamedBody {
  const leave = streams.enter(ctx)
  // A stream whose client is gone before its first byte is never iterated.
  ctx.signal.addEventListener('abort', leave, { once: true })
  if (ctx.signal.aborted) leave()
  return sse(framesOf(event, values, leave), ctx.signal)
}

async function* framesOf(
  event: string,
  values: AsyncGenerator,
  leave: () => void,
): AsyncGenerator<ServerSentEvent> {
  try {
    for await (const data of values) yield { event, data }
  } finally {
    leave()
  }
}
