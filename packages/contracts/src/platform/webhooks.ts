import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { eventTypes, frequentEventTypes } from '../events.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'

const nouns = [...new Set(eventTypes.map((type) => type.slice(0, type.indexOf('.'))))]

/** What a webhook can ask for: one event, all of a noun (`user.*`), or all but the frequent ones (`*`). */
export const webhookSubscriptions = [
  '*',
  ...nouns.map((noun) => `${noun}.*`),
  ...eventTypes,
  ...frequentEventTypes,
] as const

/** What stands in an answer for the value of a custom header; sent back, it leaves the value as it is. */
export const maskedHeaderValue = '••••••••'

/** Days without one success after which a webhook is disabled. */
export const disabledAfterFailingDays = 5

const reservedHeader =
  /^(connection|content-length|content-type|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent|webhook-.*|x-webhook-.*)$/i
const HeaderName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header, such as Authorization')
  .refine((name) => !reservedHeader.test(name), 'is set by the delivery itself; choose another name')
const HeaderValue = z
  .string()
  .max(2_000)
  .refine(
    (value) => value === maskedHeaderValue || /^[\x20-\x7E]*$/.test(value),
    'must be one line of printable ASCII',
  )

const customHeaders = z
  .record(HeaderName, HeaderValue)
  .refine((headers) => Object.keys(headers).length <= 20, 'must be at most 20 headers')

const webhookHealth = ['unknown', 'healthy', 'failing', 'disabled'] as const

export const Webhook = z
  .object({
    _id: Id,
    id: Id,
    name: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    enabled: z.boolean(),
    /** Each delivery waits until the one before it has succeeded or was given up. */
    ordered: z.boolean(),
    /** Values are masked. */
    customHeaders: z.record(z.string(), z.string()),
    has_secret: z.literal(true),
    /** Until then deliveries carry the signature of the secret before, too. */
    previousSecretUntil: Timestamp.nullable(),
    health: z.enum(webhookHealth),
    disabledReason: z.enum(['failing', 'gone']).nullable(),
    /** Set when it carries the events of a plugin: then it is changed with the plugin alone. */
    pluginId: z.string().nullable(),
    failingSince: Timestamp.nullable(),
    lastTriggeredAt: Timestamp.nullable(),
    lastStatus: z.enum(['success', 'error']).nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.output<typeof Webhook>

/** The secret leaves the server once: when it is made. */
const WebhookWithSecret = Webhook.extend({ secret: secret(z.string()) })

const WebhookUrl = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .describe('http or https; public, unless the operator admits it.')
const WebhookSecret = secret(
  z
    .string()
    .min(16, 'must be at least 16 characters')
    .max(256)
    .regex(/^[\x21-\x7E]+$/, 'must be printable ASCII without spaces'),
)

const WebhookBody = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(120),
  url: WebhookUrl,
  events: z
    .array(
      z.enum(
        webhookSubscriptions,
        'must be an event of GET /api/webhooks/events, all of a kind such as user.*, or *',
      ),
    )
    .min(1, 'must name at least one event')
    .max(200)
    .transform((names) => [...new Set(names)]),
  enabled: z.boolean().default(true),
  ordered: z.boolean().default(false),
  customHeaders: customHeaders.default({}),
  secret: WebhookSecret.optional().describe('Made by the server when absent: `whsec_` and base64.'),
})
export type WebhookInput = z.output<typeof WebhookBody>

const WebhookChange = z.object({
  name: WebhookBody.shape.name.optional(),
  url: WebhookUrl.optional(),
  events: WebhookBody.shape.events.optional(),
  enabled: z.boolean().optional(),
  ordered: z.boolean().optional(),
  customHeaders: customHeaders.optional(),
  secret: WebhookSecret.optional().describe('Replaces the secret at once. Rotating it leaves time.'),
})
export type WebhookChange = z.output<typeof WebhookChange>

const access = { permission: 'manage_api' } as const
const params = z.object({ id: Id })

export const listWebhooks = route({
  id: 'webhooks.list',
  method: 'GET',
  path: '/api/webhooks',
  summary: 'List webhooks',
  access,
  answers: { 200: ok(z.array(Webhook)) },
})

export const listWebhookEvents = route({
  id: 'webhooks.listEvents',
  method: 'GET',
  path: '/api/webhooks/events',
  summary: 'List the events that webhooks can ask for',
  access,
  answers: {
    200: ok(z.array(z.object({ name: z.string(), description: z.string(), frequent: z.boolean() }))),
  },
})

export const createWebhook = route({
  id: 'webhooks.create',
  method: 'POST',
  path: '/api/webhooks',
  summary: 'Create a webhook',
  access,
  audit: 'webhook.created',
  body: WebhookBody,
  answers: { 201: ok(WebhookWithSecret) },
  problems: ['webhooks.address_refused', 'webhooks.too_many'],
})

export const getWebhook = route({
  id: 'webhooks.get',
  method: 'GET',
  path: '/api/webhooks/{id}',
  summary: 'Get a webhook',
  access,
  params,
  answers: { 200: ok(Webhook) },
  problems: ['webhooks.not_found'],
})

export const updateWebhook = route({
  id: 'webhooks.update',
  method: 'PUT',
  path: '/api/webhooks/{id}',
  summary: 'Change a webhook',
  access,
  audit: 'webhook.updated',
  params,
  body: WebhookChange,
  answers: { 200: ok(Webhook) },
  problems: ['webhooks.not_found', 'webhooks.address_refused', 'webhooks.owned_by_plugin'],
})

export const deleteWebhook = route({
  id: 'webhooks.delete',
  method: 'DELETE',
  path: '/api/webhooks/{id}',
  summary: 'Delete a webhook with its deliveries',
  access,
  audit: 'webhook.deleted',
  params,
  answers: { 200: Done },
  problems: ['webhooks.not_found', 'webhooks.owned_by_plugin'],
})

export const enableWebhook = route({
  id: 'webhooks.enable',
  method: 'POST',
  path: '/api/webhooks/{id}/enable',
  summary: 'Enable a webhook, also one that was disabled for failing',
  access,
  audit: 'webhook.enabled',
  params,
  answers: { 200: ok(Webhook) },
  problems: ['webhooks.not_found', 'webhooks.owned_by_plugin'],
})

export const rotateWebhookSecret = route({
  id: 'webhooks.rotateSecret',
  method: 'POST',
  path: '/api/webhooks/{id}/rotate-secret',
  summary: 'Make a new secret; for a while deliveries are signed with the old one as well',
  access,
  audit: 'webhook.secret_rotated',
  params,
  body: z.object({ overlapHours: z.int().min(0).max(168).default(24) }),
  answers: { 200: ok(z.object({ secret: secret(z.string()), previousSecretUntil: Timestamp.nullable() })) },
  problems: ['webhooks.not_found', 'webhooks.owned_by_plugin'],
})

export const testWebhook = route({
  id: 'webhooks.test',
  method: 'POST',
  path: '/api/webhooks/{id}/test',
  summary: 'Send a test event now and answer what came back',
  access,
  limit: 'write',
  audit: 'webhook.tested',
  params,
  answers: {
    200: ok(
      z.object({
        success: z.boolean(),
        deliveryId: Id,
        status: z.int().nullable(),
        /** Milliseconds. */
        duration: z.int(),
        error: z.string().nullable(),
      }),
    ),
  },
  problems: ['webhooks.not_found'],
})

export const webhookRoutes = [
  listWebhooks,
  listWebhookEvents,
  createWebhook,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  enableWebhook,
  rotateWebhookSecret,
  testWebhook,
] as const
