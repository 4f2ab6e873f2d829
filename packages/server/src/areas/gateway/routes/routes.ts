import {
  createGatewayRoute,
  deleteGatewayRoute,
  getGatewayRoute,
  listGatewayRoutes,
  patchGatewayRoute,
  updateGatewayRoute,
} from '@holdfast/contracts/gateway/routes'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { HandleChange } from '../applied/handle.ts'
import { pageOf } from '../listing/page.ts'
import type { GatewayRoutes } from './service.ts'

export function bindGatewayRoutes(routes: GatewayRoutes, change: HandleChange): BoundRoute[] {
  return [
    handle(listGatewayRoutes, (ctx, { query }) => pageOf(query, (filter) => routes.list(ctx, filter))),
    handle(getGatewayRoute, (ctx, { params }) => routes.get(ctx, params.id)),
    change(createGatewayRoute, (ctx, { body }) => routes.create(ctx, body)),
    change(updateGatewayRoute, (ctx, { params, body }) => routes.update(ctx, params.id, body)),
    change(patchGatewayRoute, (ctx, { params, body }) => routes.update(ctx, params.id, body)),
    change(deleteGatewayRoute, (ctx, { params }) => routes.remove(ctx, params.id)),
  ]
}
