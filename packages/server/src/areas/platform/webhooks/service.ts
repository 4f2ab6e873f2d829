import {
  disabledAfterFailingDays,
  maskedHeaderValue,
  type Webhook,
  type WebhookChange,
  type WebhookInput,
} from '@holdfast/contracts/platform/webhooks'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Outbound } from '../../../outbound/client.ts'
import { OutboundError } from '../../../outbound/errors.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../audit/service.ts'
import type { Notifications } from '../notifications/service.ts'
import type { DeliveriesRepo } from './deliveries/repo.ts'
import type { StoredWebhook, WebhooksRepo } from './repo.ts'
import { newSecret, openHeaders, sealHeaders, sealSecret } from './secrets.ts'

/**
 * Webhooks: addresses that are told what happens.
 *
 * States: enabled or disabled; a disabled one says why when the product did it (`failing`: no success for days; `gone`:
 * the receiver answered 410). Health is what the last attempts say.
 * Invariants: secrets and header values are sealed, and shown never or once; the address was admitted when it was saved
 * and is looked at again on every call; a disabled webhook has no pending delivery.
 * Events: webhook.created, webhook.updated, webhook.deleted, webhook.disabled.
 */
export interface Webhooks {
  list(ctx: Context): Promise<Webhook[]>
  /** Throws webhooks.not_found. */
  get(ctx: Context, id: string): Promise<Webhook>
  /** Throws webhooks.address_refused, webhooks.too_many. */
  create(ctx: Context, input: WebhookInput): Promise<Webhook & { secret: string }>
  /** Throws webhooks.not_found, webhooks.address_refused. */
  update(ctx: Context, id: string, change: WebhookChange): Promise<Webhook>
  remove(ctx: Context, id: string): Promise<void>
  enable(ctx: Context, id: string): Promise<Webhook>
  rotateSecret(
    ctx: Context,
    id: string,
    overlapHours: number,
  ): Promise<{ secret: string; previousSecretUntil: string | null }>
  /** The product's own decision; does nothing when it is disabled already. */
  disable(ctx: Context, id: string, reason: 'failing' | 'gone'): Promise<void>
}

interface Needs {
  repo: WebhooksRepo
  deliveries: Pick<DeliveriesRepo, 'failPending'>
  notifications: Pick<Notifications, 'add'>
  outbound: Pick<Outbound, 'checkResolved'>
  envelope: Envelope
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

const webhooksMax = 1_000
const hourMs = 3_600_000
const reasons = {
  failing: `nothing was taken for ${disabledAfterFailingDays} days`,
  gone: 'the receiver says that the address is gone (410)',
} as const

export function createWebhooks(needs: Needs): Webhooks {
  const { repo, deliveries, notifications, outbound, envelope, database, audit, events, clock, ids } = needs

  /** One that people may change: a plugin's is not theirs. */
  async function forUpdate(tx: Context, id: string): Promise<StoredWebhook> {
    const webhook = (await repo.findForUpdate(tx, id)) ?? raise('webhooks.not_found')
    return webhook.pluginId === null ? webhook : raise('webhooks.owned_by_plugin')
  }

  async function refuseAddress(url: string, path: string): Promise<void> {
    try {
      await outbound.checkResolved(url)
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error
      throw problem('webhooks.address_refused', {
        sentence: error.message,
        details: [{ path, message: error.message }],
        cause: error,
      })
    }
  }

  /** A masked value stands for the one that is stored. */
  function mergedHeaders(
    given: Record<string, string>,
    stored: Record<string, string>,
  ): Record<string, string> {
    return Object.fromEntries(
      Object.entries(given).map(([name, value]) => {
        if (value !== maskedHeaderValue) return [name, value]
        const kept = stored[name]
        if (kept !== undefined) return [name, kept]
        const message = 'has no stored value; enter one'
        throw problem('request.invalid', { details: [{ path: `body.customHeaders.${name}`, message }] })
      }),
    )
  }

  /** Pending deliveries go with the state: they can be sent again once the webhook is enabled. */
  async function put(tx: Context, webhook: StoredWebhook): Promise<void> {
    await repo.put(tx, webhook)
    if (!webhook.enabled)
      await deliveries.failPending(tx, webhook.id, 'The webhook was disabled.', clock.now())
  }

  return {
    list: async (ctx) => (await repo.list(ctx)).map(shown),

    get: async (ctx, id) => shown((await repo.find(ctx, id)) ?? raise('webhooks.not_found')),

    async create(ctx, input) {
      await refuseAddress(input.url, 'body.url')
      const secret = input.secret ?? newSecret()
      const at = clock.now().toISOString()
      const webhook: StoredWebhook = {
        id: ids.uuid(),
        name: input.name,
        url: input.url,
        events: input.events,
        enabled: input.enabled,
        ordered: input.ordered,
        secretSealed: sealSecret(envelope, secret),
        previousSecretSealed: null,
        previousSecretUntil: null,
        headerNames: Object.keys(input.customHeaders),
        headersSealed: sealHeaders(envelope, mergedHeaders(input.customHeaders, {})),
        disabledReason: null,
        pluginId: null,
        failingSince: null,
        lastTriggeredAt: null,
        lastStatus: null,
        createdAt: at,
        updatedAt: at,
      }
      return database.transaction(ctx, async (tx) => {
        if (await repo.isFull(tx, webhooksMax)) throw problem('webhooks.too_many')
        await repo.put(tx, webhook)
        await events.append(tx, { type: 'webhook.created', data: { id: webhook.id, name: webhook.name } })
        const { id, name, url, enabled, ordered } = webhook
        const details = { name, url, events: webhook.events, enabled, ordered, headers: webhook.headerNames }
        await audit.append(tx, { target: { type: 'webhook', id }, details })
        return { ...shown(webhook), secret }
      })
    },

    async update(ctx, id, { customHeaders, secret, ...change }) {
      if ((await repo.find(ctx, id)) === undefined) throw problem('webhooks.not_found')
      if (change.url !== undefined) await refuseAddress(change.url, 'body.url')
      return database.transaction(ctx, async (tx) => {
        const before = await forUpdate(tx, id)
        const isEnabledNow = change.enabled === true && !before.enabled
        const headers =
          customHeaders && mergedHeaders(customHeaders, openHeaders(envelope, before.headersSealed))
        const after: StoredWebhook = {
          ...before,
          ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
          ...(headers && {
            headerNames: Object.keys(headers),
            headersSealed: sealHeaders(envelope, headers),
          }),
          ...(secret !== undefined && {
            secretSealed: sealSecret(envelope, secret),
            previousSecretSealed: null,
            previousSecretUntil: null,
          }),
          ...(isEnabledNow && { disabledReason: null, failingSince: null }),
          updatedAt: clock.now().toISOString(),
        }
        await put(tx, after)
        const changed = [
          ...Object.keys(change),
          ...(headers ? ['customHeaders'] : []),
          ...(secret === undefined ? [] : ['secret']),
        ]
        await events.append(tx, { type: 'webhook.updated', data: { id, name: after.name } })
        await audit.append(tx, { target: { type: 'webhook', id }, details: { changed, ...change } })
        return shown(after)
      })
    },

    remove: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const { name, url } = await forUpdate(tx, id)
        await repo.remove(tx, id)
        await events.append(tx, { type: 'webhook.deleted', data: { id, name } })
        await audit.append(tx, { target: { type: 'webhook', id }, details: { name, url } })
      }),

    enable: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const before = await forUpdate(tx, id)
        const at = clock.now().toISOString()
        const after = { ...before, enabled: true, disabledReason: null, failingSince: null, updatedAt: at }
        await put(tx, after)
        await events.append(tx, { type: 'webhook.updated', data: { id, name: after.name } })
        await audit.append(tx, { target: { type: 'webhook', id }, details: { wasEnabled: before.enabled } })
        return shown(after)
      }),

    rotateSecret: (ctx, id, overlapHours) =>
      database.transaction(ctx, async (tx) => {
        const before = await forUpdate(tx, id)
        const secret = newSecret()
        const until =
          overlapHours === 0 ? null : new Date(clock.nowMs() + overlapHours * hourMs).toISOString()
        await put(tx, {
          ...before,
          secretSealed: sealSecret(envelope, secret),
          previousSecretSealed: until === null ? null : before.secretSealed,
          previousSecretUntil: until,
          updatedAt: clock.now().toISOString(),
        })
        await events.append(tx, { type: 'webhook.updated', data: { id, name: before.name } })
        await audit.append(tx, { target: { type: 'webhook', id }, details: { overlapHours } })
        return { secret, previousSecretUntil: until }
      }),

    disable: (ctx, id, reason) =>
      database.transaction(ctx, async (tx) => {
        const before = await repo.findForUpdate(tx, id)
        if (before === undefined || !before.enabled) return
        const { name } = before
        const at = clock.now().toISOString()
        await put(tx, { ...before, enabled: false, disabledReason: reason, updatedAt: at })
        await notifications.add(tx, {
          permission: 'manage_api',
          kind: 'webhook.disabled',
          title: `The webhook ${name} was disabled`,
          message: `Nothing is sent to it any more, because ${reasons[reason]}. Enable it when its address works again; what failed can then be sent again.`,
          link: before.pluginId === null ? `/admin/webhooks/${id}` : `/admin/plugins/${before.pluginId}`,
        })
        await events.append(tx, { type: 'webhook.disabled', data: { id, name, reason } })
        await audit.append(tx, {
          action: 'webhook.disabled',
          target: { type: 'webhook', id },
          details: { name, reason },
        })
      }),
  }
}

function shown(webhook: StoredWebhook): Webhook {
  const { headerNames, secretSealed: _, previousSecretSealed: __, headersSealed: ___, ...rest } = webhook
  return {
    _id: webhook.id,
    ...rest,
    customHeaders: Object.fromEntries(headerNames.map((name) => [name, maskedHeaderValue])),
    has_secret: true,
    health: healthOf(webhook),
  }
}

function healthOf({ enabled, failingSince, lastStatus }: StoredWebhook): Webhook['health'] {
  if (!enabled) return 'disabled'
  if (failingSince !== null) return 'failing'
  return lastStatus === null ? 'unknown' : 'healthy'
}

function raise(code: Parameters<typeof problem>[0]): never {
  throw problem(code)
}
