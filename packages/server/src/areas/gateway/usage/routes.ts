import { getConsumerStats } from '@holdfast/contracts/gateway/analytics'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Usage } from './service.ts'

export function bindUsage(usage: Usage): BoundRoute[] {
  return [handle(getConsumerStats, (ctx, { params }) => usage.ofConsumer(ctx, params.id))]
}
