import { listLogs, watchLogs } from '@holdfast/contracts/gateway/analytics'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import { liveStream } from '../live-stream.ts'
import type { LiveStreams } from '../live-streams.ts'
import type { GatewayLogs } from './service.ts'

export function bindGatewayLogs(logs: GatewayLogs, streams: LiveStreams): BoundRoute[] {
  return [
    handle(listLogs, async (ctx, { query }) => {
      const { rows, nextCursor } = await logs.list(ctx, query)
      return new Reply(rows, { headers: nextCursor === null ? {} : { 'x-next-cursor': nextCursor } })
    }),
    handle(watchLogs, async (ctx, { query }) => liveStream(streams, ctx, logs.watch(ctx, query))),
  ]
}
