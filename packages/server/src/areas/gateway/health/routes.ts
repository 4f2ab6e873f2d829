import { getHealthHistory, listHealth } from '@holdfast/contracts/gateway/analytics'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { GatewayHealth } from './service.ts'

export function bindGatewayHealth(health: GatewayHealth): BoundRoute[] {
  return [
    handle(listHealth, (ctx) => health.list(ctx)),
    handle(getHealthHistory, (ctx, { params }) => health.history(ctx, params.serviceId)),
  ]
}
