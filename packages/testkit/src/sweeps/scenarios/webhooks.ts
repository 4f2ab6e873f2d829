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
import {
  listNotifications,
  readAllNotifications,
  readNotification,
} from '@holdfast/contracts/platform/notifications'
import { randomUUID } from 'node:crypto'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { unknownId } from './ids.ts'
import { makePlugin } from './plugins.ts'

/** Public by its number and reserved by nobody's name server: saving it asks no one. */
const url = 'https://1.1.1.1/hook'

const body = (world: World) => ({ name: world.fresh('Hook'), url, events: ['user.created' as const] })

async function makeWebhook(world: World, change: { enabled?: boolean } = {}) {
  const { data } = await (await world.adminClient()).call(createWebhook, {
    body: { ...body(world), ...change },
  })
  return data
}

/** A webhook that belongs to a plugin. */
async function ofPlugin(world: World) {
  const { id } = await makePlugin(world)
  const { data } = await (await world.adminClient()).call(listWebhooks)
  return { params: { id: data.find(({ pluginId }) => pluginId === id)?.id ?? unknownId } }
}

/** A webhook whose address answers nobody: this machine is out of bounds, which a test says without a connection. */
async function makeRefused(world: World) {
  const { id } = await makeWebhook(world)
  await world.server.database.kysely
    .updateTable('webhooks')
    .set({ url: 'http://127.0.0.1:9/' })
    .where('id', '=', id)
    .execute()
  return { id }
}

async function makeDelivery(world: World, change: { enabled?: boolean } = {}) {
  const { id } = await makeWebhook(world, change)
  const deliveryId = randomUUID()
  const at = world.server.clock.now().toISOString()
  await world.server.database.kysely
    .insertInto('webhook_deliveries')
    .values({
      id: deliveryId,
      webhook_id: id,
      event_id: randomUUID(),
      event_type: 'user.created',
      body: '{}',
      state: 'failed',
      attempts: 8,
      next_attempt_at: null,
      claim: null,
      response_status: 500,
      error: 'The receiver answered 500.',
      created_at: at,
      finished_at: at,
    })
    .execute()
  return { id, deliveryId }
}

async function makeNotification(world: World): Promise<string> {
  const id = randomUUID()
  await world.server.database.kysely
    .insertInto('notifications')
    .values({
      id,
      user_id: null,
      permission: 'manage_api',
      kind: 'webhook.disabled',
      title: 'A webhook was disabled',
      message: 'Nothing was taken for days.',
      link: null,
      created_at: world.server.clock.now().toISOString(),
    })
    .execute()
  return id
}

const unknownWebhook = () => ({ params: { id: unknownId } })
const unknownOfBoth = () => ({ params: { id: unknownId, deliveryId: unknownId } })

export const webhookScenarios = [
  scenario(listWebhooks, { success: () => ({}) }),
  scenario(listWebhookEvents, { success: () => ({}) }),
  scenario(createWebhook, {
    success: (world) => ({ body: body(world) }),
    problems: {
      'webhooks.address_refused': (world) => ({ body: { ...body(world), url: 'http://127.0.0.1/' } }),
      'webhooks.too_many': {
        environment: {},
        way: async (world) => {
          const { id } = await makeWebhook(world)
          await world.server.database.pool.query(
            `insert into webhooks (id, name, url, events, enabled, ordered, secret_sealed, header_names, headers_sealed, created_at, updated_at)
             select gen_random_uuid(), name, url, events, false, ordered, secret_sealed, header_names, headers_sealed, created_at, updated_at
             from webhooks, generate_series(1, 999) where webhooks.id = $1`,
            [id],
          )
          return { body: body(world) }
        },
      },
    },
  }),
  scenario(getWebhook, {
    success: async (world) => ({ params: { id: (await makeWebhook(world)).id } }),
    problems: { 'webhooks.not_found': unknownWebhook },
  }),
  scenario(updateWebhook, {
    success: async (world) => ({ params: { id: (await makeWebhook(world)).id }, body: { name: 'Changed' } }),
    problems: {
      'webhooks.not_found': () => ({ ...unknownWebhook(), body: {} }),
      'webhooks.address_refused': async (world) => ({
        params: { id: (await makeWebhook(world)).id },
        body: { url: 'http://169.254.169.254/' },
      }),
      'webhooks.owned_by_plugin': async (world) => ({ ...(await ofPlugin(world)), body: { name: 'Mine' } }),
    },
  }),
  scenario(deleteWebhook, {
    success: async (world) => ({ params: { id: (await makeWebhook(world)).id } }),
    problems: { 'webhooks.not_found': unknownWebhook, 'webhooks.owned_by_plugin': ofPlugin },
  }),
  scenario(enableWebhook, {
    success: async (world) => ({ params: { id: (await makeWebhook(world, { enabled: false })).id } }),
    problems: { 'webhooks.not_found': unknownWebhook, 'webhooks.owned_by_plugin': ofPlugin },
  }),
  scenario(rotateWebhookSecret, {
    success: async (world) => ({ params: { id: (await makeWebhook(world)).id }, body: {} }),
    problems: {
      'webhooks.not_found': () => ({ ...unknownWebhook(), body: {} }),
      'webhooks.owned_by_plugin': async (world) => ({ ...(await ofPlugin(world)), body: {} }),
    },
  }),
  scenario(testWebhook, {
    success: async (world) => ({ params: await makeRefused(world) }),
    problems: { 'webhooks.not_found': unknownWebhook },
  }),
  scenario(listDeliveries, {
    success: async (world) => ({ params: { id: (await makeDelivery(world)).id }, query: {} }),
    problems: { 'webhooks.not_found': () => ({ ...unknownWebhook(), query: {} }) },
  }),
  scenario(getDelivery, {
    success: async (world) => ({ params: await makeDelivery(world) }),
    problems: {
      'webhooks.not_found': unknownOfBoth,
      'webhooks.delivery_not_found': async (world) => ({
        params: { id: (await makeWebhook(world)).id, deliveryId: unknownId },
      }),
    },
  }),
  scenario(redeliver, {
    success: async (world) => ({ params: await makeDelivery(world) }),
    problems: {
      'webhooks.not_found': unknownOfBoth,
      'webhooks.delivery_not_found': async (world) => ({
        params: { id: (await makeWebhook(world)).id, deliveryId: unknownId },
      }),
      'webhooks.disabled': async (world) => ({ params: await makeDelivery(world, { enabled: false }) }),
    },
  }),
  scenario(redeliverFailed, {
    success: async (world) => ({ params: { id: (await makeDelivery(world)).id }, body: {} }),
    problems: {
      'webhooks.not_found': () => ({ ...unknownWebhook(), body: {} }),
      'webhooks.disabled': async (world) => ({
        params: { id: (await makeDelivery(world, { enabled: false })).id },
        body: {},
      }),
    },
  }),
  scenario(listNotifications, { success: () => ({ query: {} }) }),
  scenario(readNotification, {
    success: async (world) => ({ params: { id: await makeNotification(world) } }),
    problems: { 'notifications.not_found': () => ({ params: { id: unknownId } }) },
  }),
  scenario(readAllNotifications, { success: () => ({}) }),
]
