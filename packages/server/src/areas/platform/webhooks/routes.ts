import { eventCatalogue, frequentEventCatalogue } from '@holdfast/contracts/events'
import { done, success } from '@holdfast/contracts/kit/answer'
import {
  getDelivery,
  listDeliveries,
  redeliver,
  redeliverFailed,
} from '@holdfast/contracts/platform/webhook-deliveries'
import {
  createWebhook,
  deleteWebhook,
  enableWebhook,
  getWebhook,
  listWebhookEvents,
  listWebhooks,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from '@holdfast/contracts/platform/webhooks'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Deliveries } from './deliveries/service.ts'
import type { Webhooks } from './service.ts'

const described = (catalogue: Readonly<Record<string, string>>, frequent: boolean) =>
  Object.entries(catalogue).map(([name, description]) => ({ name, description, frequent }))

export function bindWebhooks(webhooks: Webhooks, deliveries: Deliveries): BoundRoute[] {
  return [
    handle(listWebhooks, async (ctx) => success(await webhooks.list(ctx))),
    handle(listWebhookEvents, async () =>
      success([...described(eventCatalogue, false), ...described(frequentEventCatalogue, true)]),
    ),
    handle(createWebhook, async (ctx, { body }) => success(await webhooks.create(ctx, body))),
    handle(getWebhook, async (ctx, { params }) => success(await webhooks.get(ctx, params.id))),
    handle(updateWebhook, async (ctx, { params, body }) =>
      success(await webhooks.update(ctx, params.id, body)),
    ),
    handle(deleteWebhook, async (ctx, { params }) => {
      await webhooks.remove(ctx, params.id)
      return done('Webhook deleted')
    }),
    handle(enableWebhook, async (ctx, { params }) => success(await webhooks.enable(ctx, params.id))),
    handle(rotateWebhookSecret, async (ctx, { params, body }) =>
      success(await webhooks.rotateSecret(ctx, params.id, body.overlapHours)),
    ),
    handle(testWebhook, async (ctx, { params }) => success(await deliveries.test(ctx, params.id))),
    handle(listDeliveries, async (ctx, { params, query }) => {
      const { rows, nextCursor } = await deliveries.list(ctx, params.id, query)
      return { ...success(rows), next_cursor: nextCursor }
    }),
    handle(getDelivery, async (ctx, { params }) =>
      success(await deliveries.get(ctx, params.id, params.deliveryId)),
    ),
    handle(redeliver, async (ctx, { params }) =>
      success(await deliveries.redeliver(ctx, params.id, params.deliveryId)),
    ),
    handle(redeliverFailed, async (ctx, { params, body }) =>
      success({ redelivered: await deliveries.redeliverFailed(ctx, params.id, body.since ?? null) }),
    ),
  ]
}
