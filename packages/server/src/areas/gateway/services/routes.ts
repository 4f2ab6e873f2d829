import {
  createService,
  deleteService,
  getService,
  listServices,
  patchService,
  updateService,
} from '@holdfast/contracts/gateway/services'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { HandleChange } from '../applied/handle.ts'
import { pageOf } from '../listing/page.ts'
import type { GatewayServices } from './service.ts'

export function bindGatewayServices(services: GatewayServices, change: HandleChange): BoundRoute[] {
  return [
    handle(listServices, (ctx, { query }) => pageOf(query, (filter) => services.list(ctx, filter))),
    handle(getService, (ctx, { params }) => services.get(ctx, params.id)),
    change(createService, (ctx, { body }) => services.create(ctx, body)),
    change(updateService, (ctx, { params, body }) => services.update(ctx, params.id, body)),
    change(patchService, (ctx, { params, body }) => services.update(ctx, params.id, body)),
    change(deleteService, (ctx, { params }) => services.remove(ctx, params.id)),
  ]
}
