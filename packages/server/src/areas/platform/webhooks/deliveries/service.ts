import type {
  DeliveriesQuery,
  WebhookDelivery,
  WebhookDeliveryDetail,
} from '@holdfast/contracts/platform/webhook-deliveries'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { AuditLog } from '../../audit/service.ts'
import { attemptRow } from '../engine/dispatcher.ts'
import type { EngineRepo } from '../engine/repo.ts'
import type { Attempt, Sender } from '../engine/sender.ts'
import type { StoredWebhook, WebhooksRepo } from '../repo.ts'
import { deliveryBody } from '../rules.ts'
import type { DeliveriesRepo } from './repo.ts'

export interface TestResult {
  success: boolean
  deliveryId: string
  status: number | null
  duration: number
  error: string | null
}

/**
 * The delivery log, and sending again. A delivery that is sent again keeps its id, so that a receiver which has seen it
 * can tell.
 */
export interface Deliveries {
  list(
    ctx: Context,
    webhookId: string,
    query: DeliveriesQuery,
  ): Promise<{ rows: WebhookDelivery[]; nextCursor: string | null }>
  get(ctx: Context, webhookId: string, id: string): Promise<WebhookDeliveryDetail>
  redeliver(ctx: Context, webhookId: string, id: string): Promise<WebhookDelivery>
  redeliverFailed(ctx: Context, webhookId: string, since: string | null): Promise<number>
  /** Sends a test event now, also for a disabled webhook; it is tried once. */
  test(ctx: Context, webhookId: string): Promise<TestResult>
  /** Removes what is older than the retention. */
  expire(): Promise<void>
}

interface Needs {
  repo: DeliveriesRepo
  webhooks: Pick<WebhooksRepo, 'find' | 'removeDaysBefore'>
  engine: Pick<EngineRepo, 'wake'>
  sender: Sender
  /** Writes the activity row of a test. */
  record(webhook: StoredWebhook, event: string, attempt: Attempt): void
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  clock: Clock
  ids: Ids
}

const redeliveredMax = 10_000
const dayMs = 86_400_000
const retentionDays = 30
const countersRetentionDays = 400
const expireBatch = 5_000
const testEvent = 'webhook.test'

export function createDeliveries(needs: Needs): Deliveries {
  const { repo, webhooks, engine, sender, database, audit, clock, ids } = needs

  async function webhookOf(ctx: Context, id: string): Promise<StoredWebhook> {
    const webhook = await webhooks.find(ctx, id)
    if (webhook === undefined) throw problem('webhooks.not_found')
    return webhook
  }

  async function enabledWebhook(ctx: Context, id: string): Promise<void> {
    if (!(await webhookOf(ctx, id)).enabled) throw problem('webhooks.disabled')
  }

  async function find(ctx: Context, webhookId: string, id: string) {
    const found = await repo.find(ctx, webhookId, id)
    if (found === undefined) throw problem('webhooks.delivery_not_found')
    return found
  }

  return {
    async list(ctx, webhookId, query) {
      await webhookOf(ctx, webhookId)
      const before =
        query.cursor === undefined ? null : Number(Buffer.from(query.cursor, 'base64url').toString())
      if (before !== null && !(Number.isSafeInteger(before) && before > 0))
        throw problem('request.invalid', {
          details: [{ path: 'query.cursor', message: 'must be the next_cursor of an earlier answer' }],
        })
      const found = await repo.list(ctx, webhookId, query, before)
      const rows = found.slice(0, query.limit)
      const last = rows.at(-1)
      const more = found.length > query.limit && last !== undefined
      return { rows, nextCursor: more ? Buffer.from(String(last.sequence)).toString('base64url') : null }
    },

    async get(ctx, webhookId, id) {
      await webhookOf(ctx, webhookId)
      const { body, ...delivery } = await find(ctx, webhookId, id)
      return { ...delivery, requestBody: body, history: await repo.attempts(ctx, id) }
    },

    redeliver: (ctx, webhookId, id) =>
      database.transaction(ctx, async (tx) => {
        await enabledWebhook(tx, webhookId)
        const { event } = await find(tx, webhookId, id)
        await repo.again(tx, id, clock.now())
        await engine.wake(tx)
        await audit.append(tx, {
          target: { type: 'webhook', id: webhookId },
          details: { delivery: id, event },
        })
        return find(tx, webhookId, id)
      }),

    redeliverFailed: (ctx, webhookId, since) =>
      database.transaction(ctx, async (tx) => {
        await enabledWebhook(tx, webhookId)
        const count = await repo.failedAgain(tx, webhookId, since, clock.now(), redeliveredMax)
        await engine.wake(tx)
        await audit.append(tx, {
          target: { type: 'webhook', id: webhookId },
          details: { deliveries: count, since },
        })
        return count
      }),

    async test(ctx, webhookId) {
      const webhook = await webhookOf(ctx, webhookId)
      const id = ids.uuid()
      const at = clock.now()
      const data = { message: 'A test of this webhook.', webhook: { id: webhook.id, name: webhook.name } }
      const body = deliveryBody(testEvent, at.toISOString(), data)
      const attempt = await sender.send({ ...webhook, id, eventType: testEvent, body }, ctx.signal)
      const isSuccess = attempt.error === null
      await database.transaction(ctx, async (tx) => {
        // It may have been deleted while the receiver took its time.
        await webhookOf(tx, webhookId)
        const delivery = { id, webhookId, eventId: ids.uuid(), event: testEvent, body, at }
        await repo.insertTest(tx, delivery, attemptRow(ids.uuid(), id, attempt), isSuccess)
        await audit.append(tx, {
          target: { type: 'webhook', id: webhookId },
          details: { delivery: id, status: attempt.status, error: attempt.error },
        })
      })
      needs.record(webhook, testEvent, attempt)
      const { status, durationMs, error } = attempt
      return { success: isSuccess, deliveryId: id, status, duration: durationMs, error }
    },

    async expire() {
      const before = new Date(clock.nowMs() - retentionDays * dayMs)
      while ((await repo.removeFinishedBefore(before, expireBatch)) === expireBatch);
      const firstDay = new Date(clock.nowMs() - countersRetentionDays * dayMs)
      await webhooks.removeDaysBefore(firstDay.toISOString().slice(0, 10))
    },
  }
}
