import {
  createConsumer,
  getConsumer,
  listConsumers,
  patchConsumer,
  revokeConsumer,
  updateConsumer,
} from '@holdfast/contracts/gateway/consumers'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { HandleChange } from '../applied/handle.ts'
import { pageOf } from '../listing/page.ts'
import type { GatewayConsumers } from './service.ts'

export function bindGatewayConsumers(consumers: GatewayConsumers, change: HandleChange): BoundRoute[] {
  return [
    handle(listConsumers, (ctx, { query }) => pageOf(query, (filter) => consumers.list(ctx, filter))),
    handle(getConsumer, (ctx, { params }) => consumers.get(ctx, params.id)),
    change(createConsumer, (ctx, { body }) => consumers.create(ctx, body)),
    change(updateConsumer, (ctx, { params, body }) => consumers.update(ctx, params.id, body)),
    change(patchConsumer, (ctx, { params, body }) => consumers.update(ctx, params.id, body)),
    change(revokeConsumer, (ctx, { params }) => consumers.revoke(ctx, params.id)),
  ]
}
