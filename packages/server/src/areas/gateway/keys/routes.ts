import {
  createGatewayKey,
  listGatewayKeys,
  revokeGatewayKey,
  rotateGatewayKey,
  rotateTenantKey,
} from '@holdfast/contracts/gateway/keys'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { GatewayKeys } from './service.ts'

export function bindGatewayKeys(keys: GatewayKeys): BoundRoute[] {
  return [
    handle(listGatewayKeys, (ctx) => keys.list(ctx)),
    handle(createGatewayKey, (ctx, { body }) => keys.create(ctx, body.label)),
    handle(rotateGatewayKey, (ctx, { params, body }) => keys.rotate(ctx, params.id, body.overlapSeconds)),
    handle(revokeGatewayKey, async (ctx, { params }) => {
      await keys.revoke(ctx, params.id)
      return undefined
    }),
    handle(rotateTenantKey, (ctx, { body }) => keys.rotateAll(ctx, body.overlapSeconds)),
  ]
}
