import {
  getTenant,
  getTenantSettings,
  listGateways,
  listTenants,
  patchTenantSettings,
  updateTenantSettings,
} from '@holdfast/contracts/gateway/tenants'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { HandleChange } from '../applied/handle.ts'
import type { Tenants } from './service.ts'

export function bindTenants(tenants: Tenants, change: HandleChange): BoundRoute[] {
  return [
    handle(listTenants, (ctx) => tenants.list(ctx)),
    handle(getTenant, (ctx) => tenants.get(ctx)),
    handle(listGateways, (ctx) => tenants.gateways(ctx)),
    handle(getTenantSettings, (ctx) => tenants.settings(ctx)),
    change(updateTenantSettings, (ctx, { body }) => tenants.update(ctx, body)),
    change(patchTenantSettings, (ctx, { body }) => tenants.update(ctx, body)),
  ]
}
