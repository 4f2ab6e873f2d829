import type {
  DeliveriesQuery,
  WebhookAttempt,
  WebhookDelivery,
} from '@holdfast/contracts/platform/webhook-deliveries'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { attemptRow } from '../engine/dispatcher.ts'

export type DeliveriesRepo = ReturnType<typeof createDeliveriesRepo>

type DeliveryRow = WebhookDelivery & { sequence: number; body: string }

/** Reading the delivery log, asking for deliveries again, and removing what has expired. */
export function createDeliveriesRepo(database: Database<Tables>) {
  const select = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('webhook_deliveries')
      .select([
        'id',
        'sequence',
        'body',
        'webhook_id as webhookId',
        'event_type as event',
        'attempts',
        'response_status as responseStatus',
        'error',
        'is_test as isTest',
        'created_at as createdAt',
        'next_attempt_at as nextAttemptAt',
        'finished_at as finishedAt',
      ])
      .select(sql<WebhookDelivery['state']>`state`.as('state'))

  return {
    list(
      ctx: Context,
      webhookId: string,
      query: DeliveriesQuery,
      before: number | null,
    ): Promise<DeliveryRow[]> {
      const { state, event, since, until, limit } = query
      return select(ctx)
        .where('webhook_id', '=', webhookId)
        .$if(state !== undefined, (rows) => rows.where('state', '=', state ?? ''))
        .$if(event !== undefined, (rows) => rows.where('event_type', '=', event ?? ''))
        .$if(since !== undefined, (rows) => rows.where('created_at', '>=', since ?? ''))
        .$if(until !== undefined, (rows) => rows.where('created_at', '<', until ?? ''))
        .$if(before !== null, (rows) => rows.where('sequence', '<', before ?? 0))
        .orderBy('sequence', 'desc')
        .limit(limit + 1)
        .execute()
    },

    find: (ctx: Context, webhookId: string, id: string): Promise<DeliveryRow | undefined> =>
      select(ctx).where('webhook_id', '=', webhookId).where('id', '=', id).executeTakeFirst(),

    /** The newest hundred. */
    async attempts(ctx: Context, deliveryId: string): Promise<WebhookAttempt[]> {
      const { rows } = await sql<WebhookAttempt>`
        select id, started_at as at, duration_ms as duration, request_headers as "requestHeaders", status,
          response_headers as "responseHeaders", response_body as "responseBody", truncated, error
        from webhook_attempts where delivery_id = ${deliveryId} order by id desc limit 100`.execute(
        database.of(ctx),
      )
      return rows
    },

    /** Due now, with all attempts before it again; one that is being sent at this moment stays as it is. */
    async again(ctx: Context, id: string, at: Date): Promise<void> {
      await sql`
        update webhook_deliveries
        set next_attempt_at = ${at.toISOString()}, finished_at = null,
          attempts = case when state = 'pending' then attempts else 0 end, state = 'pending'
        where id = ${id} and claim is null`.execute(database.of(ctx))
    },

    async failedAgain(
      ctx: Context,
      webhookId: string,
      since: string | null,
      at: Date,
      limit: number,
    ): Promise<number> {
      const { numAffectedRows } = await sql`
        update webhook_deliveries
        set next_attempt_at = ${at.toISOString()}, finished_at = null, attempts = 0, state = 'pending'
        where id in (
          select id from webhook_deliveries
          where webhook_id = ${webhookId} and state = 'failed' and not is_test
            and (${since}::timestamptz is null or created_at >= ${since}::timestamptz)
          order by sequence desc limit ${limit})`.execute(database.of(ctx))
      return Number(numAffectedRows ?? 0)
    },

    /** Gives up what waits for a webhook that no longer gets anything. */
    async failPending(ctx: Context, webhookId: string, reason: string, at: Date): Promise<void> {
      await sql`
        update webhook_deliveries
        set state = 'failed', next_attempt_at = null, claim = null, finished_at = ${at.toISOString()}, error = ${reason}
        where webhook_id = ${webhookId} and state = 'pending'`.execute(database.of(ctx))
    },

    /** A test with its one attempt. */
    async insertTest(
      ctx: Context,
      delivery: { id: string; webhookId: string; eventId: string; event: string; body: string; at: Date },
      attempt: ReturnType<typeof attemptRow>,
      isSuccess: boolean,
    ): Promise<void> {
      const at = delivery.at.toISOString()
      await database
        .of(ctx)
        .insertInto('webhook_deliveries')
        .values({
          id: delivery.id,
          webhook_id: delivery.webhookId,
          event_id: delivery.eventId,
          event_type: delivery.event,
          is_test: true,
          body: delivery.body,
          state: isSuccess ? 'success' : 'failed',
          attempts: 1,
          next_attempt_at: null,
          claim: null,
          response_status: attempt.status,
          error: attempt.error,
          created_at: at,
          finished_at: at,
        })
        .execute()
      await database
        .of(ctx)
        .insertInto('webhook_attempts')
        .values({
          ...attempt,
          request_headers: JSON.stringify(attempt.request_headers),
          response_headers:
            attempt.response_headers === null ? null : JSON.stringify(attempt.response_headers),
        })
        .execute()
      await sql`update webhooks set last_triggered_at = ${at}, last_status = ${isSuccess ? 'success' : 'error'}
        where id = ${delivery.webhookId}`.execute(database.of(ctx))
    },

    /** Removes deliveries that were finished before, with their attempts; at most `limit`. Answers how many. */
    async removeFinishedBefore(before: Date, limit: number): Promise<number> {
      const { numAffectedRows } = await sql`
        delete from webhook_deliveries where id in (
          select id from webhook_deliveries where finished_at < ${before.toISOString()} order by finished_at limit ${limit})
      `.execute(database.kysely)
      return Number(numAffectedRows ?? 0)
    },
  }
}
