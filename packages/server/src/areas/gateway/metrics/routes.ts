import { listMetrics, watchMetrics } from '@holdfast/contracts/gateway/analytics'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import { liveStream } from '../live-stream.ts'
import type { LiveStreams } from '../live-streams.ts'
import type { GatewayMetrics } from './service.ts'

export function bindGatewayMetrics(metrics: GatewayMetrics, streams: LiveStreams): BoundRoute[] {
  return [
    handle(listMetrics, (ctx, { query }) => metrics.list(ctx, query.period)),
    handle(watchMetrics, async (ctx) => liveStream(streams, ctx, metrics.watch(ctx))),
  ]
}
