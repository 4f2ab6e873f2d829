import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Gateways } from './service.ts'

export function bindGateways(gateways: Gateways): BoundRoute[] {
  return [handle(getGatewayStatus, (ctx) => gateways.status(ctx))]
}
