import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'

export type EngineRepo = ReturnType<typeof createEngineRepo>

/** Wakes the dispatchers of all replicas. */
const channel = 'holdfast_webhooks'

export interface OccurredEvent {
  id: string
  type: string
  body: string
  /** What subscribes to it. */
  subscriptions: string[]
}

/** A statement on a connection whose transaction is somebody else's to commit. */
export type RunStatement = (
  statement: { name: string; text: string },
  values: readonly string[],
) => Promise<unknown>

/** Ids grow with time, so that they say the order. */
interface NewDelivery {
  id: string
  webhook_id: string
  event_id: string
  event_type: string
  body: string
}

/** A delivery that is ours to attempt, with what is needed for it. */
export interface Claimed {
  id: string
  claim: string
  webhookId: string
  eventType: string
  body: string
  attempts: number
  name: string
  url: string
  secretSealed: string
  previousSecretSealed: string | null
  previousSecretUntil: string | null
  headersSealed: string
}

export interface AttemptRow {
  id: string
  delivery_id: string
  claim: string | null
  started_at: string
  duration_ms: number
  request_headers: Record<string, string>
  status: number | null
  response_headers: Record<string, string> | null
  response_body: string | null
  truncated: boolean
  error: string | null
  state: 'pending' | 'success' | 'failed'
  attempts: number
  next_attempt_at: string | null
  finished_at: string | null
  is_success: boolean
}

export interface TriedWebhook {
  id: string
  failingSince: string | null
}

/** How many deliveries of one webhook are under way at once, and of all together; one of each is always let through. */
const perWebhookMax = 32
const togetherMax = 256
/** What is kept of frequent events for a receiver that does not keep up. */
export const waitingMax = 10_000

/** The queue of deliveries: what is due, who has it, what became of it. */
export function createEngineRepo(database: Database<Tables>) {
  /** Inserts deliveries in this order; one that is there already stays as it is. */
  async function queue(ctx: Context, deliveries: readonly NewDelivery[], at: Date): Promise<void> {
    // The webhook may be gone by now; the join leaves it out.
    await sql`
      insert into webhook_deliveries (id, webhook_id, event_id, event_type, body, state, next_attempt_at, created_at)
      select delivery.id, webhooks.id, event_id, event_type, body, 'pending', ${at.toISOString()}, ${at.toISOString()}
      from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb)
        as delivery (id uuid, webhook_id uuid, event_id uuid, event_type text, body text)
      join webhooks on webhooks.id = delivery.webhook_id
      order by delivery.id
      on conflict (webhook_id, event_id) do nothing`.execute(database.of(ctx))
    await database.notify(ctx, channel, '')
  }

  return {
    queue,

    listen: (handler: () => void) => database.listen(channel, handler),

    /**
     * One delivery for each webhook that wants each event; those that exist already stay as they are. `frequent` leaves
     * out webhooks that have too much waiting. Answers whether there was any.
     */
    async fanOut(
      ctx: Context,
      events: readonly OccurredEvent[],
      at: Date,
      newId: () => string,
      { frequent = false } = {},
    ): Promise<boolean> {
      const { rows: wanting } = await sql<{ event_id: string; webhook_id: string }>`
        select event.id as event_id, webhooks.id as webhook_id
        from jsonb_to_recordset(${JSON.stringify(events.map(({ id, subscriptions }, place) => ({ id, subscriptions, place })))}::jsonb)
          as event (id uuid, subscriptions text[], place int)
        join webhooks on enabled and webhooks.events && event.subscriptions
        where not ${frequent} or (select count(*) from (
          select from webhook_deliveries waiting where waiting.webhook_id = webhooks.id and state = 'pending' limit ${waitingMax}
        ) backlog) < ${waitingMax}
        order by event.place`.execute(database.of(ctx))
      if (wanting.length === 0) return false
      const byId = new Map(events.map((event) => [event.id, event]))
      const deliveries = wanting.map(({ event_id, webhook_id }) => {
        const event = byId.get(event_id)
        return { id: newId(), webhook_id, event_id, event_type: event?.type ?? '', body: event?.body ?? '' }
      })
      await queue(ctx, deliveries, at)
      return true
    },

    /**
     * One delivery for the webhook of each of these plugins that is enabled and does not have too much waiting, in the
     * transaction that `run` belongs to: a change of records and what plugins are told of it are written together.
     */
    async deliverToPlugins(
      run: RunStatement,
      plugins: ReadonlyArray<{ id: string; pluginId: string }>,
      event: Omit<OccurredEvent, 'subscriptions'>,
      at: Date,
    ): Promise<void> {
      await run(
        {
          name: 'deliver_to_plugins',
          text: `
            insert into webhook_deliveries (id, webhook_id, event_id, event_type, body, state, next_attempt_at, created_at)
            select wanted.id, webhooks.id, $1::uuid, $2, $3, 'pending', $4::timestamptz, $4::timestamptz
            from jsonb_to_recordset($5::jsonb) as wanted (id uuid, "pluginId" text)
            join webhooks on webhooks.plugin_id = wanted."pluginId" and enabled
            where (select count(*) from (
              select from webhook_deliveries waiting
              where waiting.webhook_id = webhooks.id and state = 'pending' limit ${waitingMax}
            ) backlog) < ${waitingMax}`,
        },
        [event.id, event.type, event.body, at.toISOString(), JSON.stringify(plugins)],
      )
      await run({ name: 'wake_webhooks', text: `select pg_notify('${channel}', '')` }, [])
    },

    wake: (ctx: Context) => database.notify(ctx, channel, ''),

    /**
     * Takes due deliveries until `leaseEnd`. Every webhook with something due gets its share, so that no backlog stands
     * before another's; `underWay` says how many each has under way here. Of an ordered webhook only the oldest one
     * that is not finished is taken. The cost grows with the webhooks that have something due, not with what waits.
     */
    async claim(options: {
      claim: string
      now: Date
      leaseEnd: Date
      underWay: Readonly<Record<string, number>>
    }): Promise<Claimed[]> {
      const now = options.now.toISOString()
      const { rows } = await sql<Claimed>`
        with ready as materialized (
          select webhooks.id, ordered, coalesce((${JSON.stringify(options.underWay)}::jsonb ->> webhooks.id::text)::int, 0) as under_way
          from webhooks where enabled and exists (
            select from webhook_deliveries due
            where due.webhook_id = webhooks.id and due.state = 'pending' and due.next_attempt_at <= ${now})
        ),
        share as (select greatest(1, least(${perWebhookMax}::bigint, ${togetherMax}::bigint / greatest(1, count(*)))) as size from ready),
        picked as materialized (
          select due.id from ready cross join share cross join lateral (
            select id from webhook_deliveries delivery
            where delivery.webhook_id = ready.id and state = 'pending' and next_attempt_at <= ${now}
            order by next_attempt_at limit greatest(0, share.size - ready.under_way)
            for update skip locked) due
          where not ready.ordered
        ),
        first as materialized (
          select head.id from ready cross join lateral (
            select id from webhook_deliveries delivery
            where delivery.id = (
              select id from webhook_deliveries waiting
              where waiting.webhook_id = ready.id and waiting.state = 'pending' order by sequence limit 1)
              and state = 'pending' and next_attempt_at <= ${now}
            for update skip locked) head
          where ready.ordered
        )
        update webhook_deliveries delivery
        set claim = ${options.claim}, next_attempt_at = ${options.leaseEnd.toISOString()}
        from (select id from picked union all select id from first) taken, webhooks
        where delivery.id = taken.id and webhooks.id = delivery.webhook_id
        returning delivery.id, delivery.claim, webhook_id as "webhookId", event_type as "eventType", body, attempts, name, url,
          secret_sealed as "secretSealed", previous_secret_sealed as "previousSecretSealed",
          previous_secret_until as "previousSecretUntil", headers_sealed as "headersSealed"
      `.execute(database.kysely)
      return rows
    },

    /**
     * Writes what attempts have come to: the deliveries, the log, the day's counts and the webhooks' state. An attempt
     * whose claim somebody else has taken over meanwhile changes nothing. Answers the webhooks that were tried.
     */
    finish: (attempts: readonly AttemptRow[]): Promise<TriedWebhook[]> =>
      database.transaction({}, async ({ tx }) => {
        const { rows } = await sql<TriedWebhook>`
          with result as materialized (
            select * from jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) as result (
              id uuid, delivery_id uuid, claim uuid, started_at timestamptz, duration_ms int, request_headers jsonb,
              status smallint, response_headers jsonb, response_body text, truncated boolean, error text, state text,
              attempts smallint, next_attempt_at timestamptz, finished_at timestamptz, is_success boolean)
          ),
          changed as (
            update webhook_deliveries delivery
            set state = result.state, attempts = result.attempts, next_attempt_at = result.next_attempt_at, claim = null,
              finished_at = result.finished_at, response_status = result.status, error = result.error
            from result where delivery.id = result.delivery_id and delivery.claim = result.claim
            returning delivery.webhook_id, delivery.is_test, result.*
          ),
          logged as (
            insert into webhook_attempts
            select id, delivery_id, started_at, duration_ms, request_headers, status, response_headers, response_body,
              truncated, error from changed
          ),
          counted as (
            insert into webhook_days (day, webhook_id, success_count, error_count)
            select (started_at at time zone 'UTC')::date, webhook_id, count(*) filter (where is_success),
              count(*) filter (where not is_success)
            from changed group by 1, 2 order by 1, 2
            on conflict (day, webhook_id) do update set success_count = webhook_days.success_count + excluded.success_count,
              error_count = webhook_days.error_count + excluded.error_count
          ),
          tried as (
            select webhook_id, max(started_at) as last_at, bool_or(is_success) as had_success, min(started_at) as first_at,
              (array_agg(is_success order by started_at desc))[1] as last_success
            from changed group by webhook_id
          )
          update webhooks
          set last_triggered_at = greatest(last_triggered_at, last_at),
            last_status = case when last_success then 'success' else 'error' end,
            failing_since = case when had_success then null else coalesce(failing_since, first_at) end
          from tried where webhooks.id = tried.webhook_id
          returning webhooks.id, failing_since as "failingSince"
        `.execute(tx)
        return rows
      }),

    /** Gives back what could not be tried, to be due at once. */
    async release(claims: ReadonlyArray<{ id: string; claim: string }>, now: Date): Promise<void> {
      if (claims.length === 0) return
      await sql`
        update webhook_deliveries delivery set claim = null, next_attempt_at = ${now.toISOString()}
        from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as given (id uuid, claim uuid)
        where delivery.id = given.id and delivery.claim = given.claim
      `.execute(database.kysely)
    },
  }
}
