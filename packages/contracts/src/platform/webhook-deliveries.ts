import { z } from 'zod'
import { ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'

export const deliveryStates = ['pending', 'success', 'failed'] as const

export const WebhookDelivery = z
  .object({
    /** Also `webhook-id` of every attempt. */
    id: Id,
    webhookId: Id,
    event: z.string(),
    state: z.enum(deliveryStates),
    /** How often it was tried since it was asked for. */
    attempts: z.int(),
    responseStatus: z.int().nullable(),
    error: z.string().nullable(),
    isTest: z.boolean(),
    createdAt: Timestamp,
    nextAttemptAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'WebhookDelivery' })
export type WebhookDelivery = z.output<typeof WebhookDelivery>

export const WebhookAttempt = z
  .object({
    id: Id,
    at: Timestamp,
    /** Milliseconds. */
    duration: z.int(),
    requestHeaders: z.record(z.string(), z.string()),
    status: z.int().nullable(),
    responseHeaders: z.record(z.string(), z.string()).nullable(),
    responseBody: z.string().nullable(),
    /** The answer was longer than the 16 KiB that are kept. */
    truncated: z.boolean(),
    error: z.string().nullable(),
  })
  .meta({ id: 'WebhookAttempt' })
export type WebhookAttempt = z.output<typeof WebhookAttempt>

const DeliveryDetail = WebhookDelivery.extend({ requestBody: z.string(), history: z.array(WebhookAttempt) })
export type WebhookDeliveryDetail = z.output<typeof DeliveryDetail>

const DeliveriesQuery = z.object({
  state: z.enum(deliveryStates).optional(),
  event: z.string().max(100).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the previous answer.'),
})
export type DeliveriesQuery = z.output<typeof DeliveriesQuery>

const access = { permission: 'manage_api' } as const
const params = z.object({ id: Id })
const deliveryParams = z.object({ id: Id, deliveryId: Id })

export const listDeliveries = route({
  id: 'webhooks.listDeliveries',
  method: 'GET',
  path: '/api/webhooks/{id}/deliveries',
  summary: 'List the deliveries of a webhook, newest first',
  access,
  params,
  query: DeliveriesQuery,
  answers: {
    200: z.object({
      success: z.literal(true),
      data: z.array(WebhookDelivery),
      next_cursor: z.string().nullable(),
    }),
  },
  problems: ['webhooks.not_found'],
})

export const getDelivery = route({
  id: 'webhooks.getDelivery',
  method: 'GET',
  path: '/api/webhooks/{id}/deliveries/{deliveryId}',
  summary: 'Get a delivery with its requests and answers',
  access,
  params: deliveryParams,
  answers: { 200: ok(DeliveryDetail) },
  problems: ['webhooks.not_found', 'webhooks.delivery_not_found'],
})

export const redeliver = route({
  id: 'webhooks.redeliver',
  method: 'POST',
  path: '/api/webhooks/{id}/deliveries/{deliveryId}/redeliver',
  summary: 'Send a delivery again, now',
  access,
  audit: 'webhook.redelivered',
  params: deliveryParams,
  answers: { 200: ok(WebhookDelivery) },
  problems: ['webhooks.not_found', 'webhooks.delivery_not_found', 'webhooks.disabled'],
})

export const redeliverFailed = route({
  id: 'webhooks.redeliverFailed',
  method: 'POST',
  path: '/api/webhooks/{id}/redeliver',
  summary: 'Send all failed deliveries of a webhook again, at most 10,000 at once',
  access,
  audit: 'webhook.failed_redelivered',
  params,
  body: z.object({ since: z.iso.datetime({ offset: true }).optional() }),
  answers: { 200: ok(z.object({ redelivered: z.int() })) },
  problems: ['webhooks.not_found', 'webhooks.disabled'],
})

export const webhookDeliveryRoutes = [listDeliveries, getDelivery, redeliver, redeliverFailed] as const
