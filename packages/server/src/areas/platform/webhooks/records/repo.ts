import { recordEventTypes } from '@holdfast/contracts/events'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'

export type RecordPlacesRepo = ReturnType<typeof createRecordPlacesRepo>

/** A transaction and a number within all, both 64-bit numbers as text: where somebody stands in the log of changes of records. */
export interface LogPosition {
  transaction: string
  sequence: string
}

/** How far an enabled webhook that asks for changes of records has been told of them. */
export interface RecordPlace {
  webhookId: string
  /** Everything that it asks for. */
  events: readonly string[]
  position: LogPosition
  /** Changes that are visible in this snapshot, as text, were there before. */
  since: string
  /** So much is waiting for it that it is told nothing more for now. */
  isFull: boolean
}

interface PlaceRow {
  webhookId: string
  events: string[]
  transaction: string | null
  sequence: string | null
  since: string | null
  isFull: boolean
}

/**
 * Everything that is yet to be told is after this: the oldest transaction that has not ended. A place beyond all
 * transactions comes from another cluster and means nothing here.
 */
const now = sql`pg_snapshot_xmin(pg_current_snapshot())`
const isElsewhere = sql<boolean>`place.transaction_id > pg_snapshot_xmax(pg_current_snapshot())`
const asksForRecords = sql<boolean>`webhooks.enabled and webhooks.events && ${[...recordEventTypes]}::text[]`

/** How far webhooks have been told of changes of records. */
export function createRecordPlacesRepo(database: Database<Tables>) {
  async function read(ctx: Context, waitingMax: number): Promise<PlaceRow[]> {
    const { rows } = await sql<PlaceRow>`
      select webhooks.id as "webhookId", webhooks.events, place.sequence::text as sequence,
        place.since::text as since,
        case when not ${isElsewhere} then place.transaction_id::text end as transaction,
        (select count(*) from (
          select from webhook_deliveries waiting where waiting.webhook_id = webhooks.id and state = 'pending' limit ${waitingMax}
        ) backlog) >= ${waitingMax} as "isFull"
      from webhooks left join webhook_record_places place on place.webhook_id = webhooks.id
      where ${asksForRecords}
      order by webhooks.id`.execute(database.of(ctx))
    return rows
  }

  return {
    /** In the transaction that saves the webhook: from its commit on nothing is overlooked. One that has a place keeps it. */
    async keep(ctx: Context, webhookId: string): Promise<void> {
      await sql`
        insert into webhook_record_places as place (webhook_id, transaction_id, sequence, since)
        select id, ${now}, 0, pg_current_snapshot() from webhooks where id = ${webhookId} and ${asksForRecords}
        on conflict do nothing`.execute(database.of(ctx))
      await sql`
        delete from webhook_record_places where webhook_id = ${webhookId}
          and not exists (select from webhooks where id = ${webhookId} and ${asksForRecords})`.execute(
        database.of(ctx),
      )
    },

    /** All places; those of webhooks with `waitingMax` deliveries waiting are full. */
    async list(ctx: Context, waitingMax: number): Promise<RecordPlace[]> {
      let rows = await read(ctx, waitingMax)
      const lost = rows.filter(({ transaction }) => transaction === null)
      if (lost.length > 0) {
        // After a restore: places are not part of a backup.
        await sql`
          insert into webhook_record_places as place (webhook_id, transaction_id, sequence, since)
          select id, ${now}, 0, pg_current_snapshot() from webhooks where id = any(${lost.map(({ webhookId }) => webhookId)}::uuid[])
          on conflict (webhook_id) do update set transaction_id = excluded.transaction_id, sequence = 0, since = excluded.since
          where ${isElsewhere}`.execute(database.of(ctx))
        rows = await read(ctx, waitingMax)
      }
      return rows.flatMap(({ webhookId, events, transaction, sequence, since, isFull }) =>
        transaction === null || sequence === null || since === null
          ? []
          : [{ webhookId, events, position: { transaction, sequence }, since, isFull }],
      )
    },

    /** Moves the place on in `ctx.tx`. False when somebody else has, or the webhook is disabled or gone. */
    async advance(ctx: Context, { webhookId, position }: RecordPlace, to: LogPosition): Promise<boolean> {
      // The webhook's row first, as whoever changes it does: else the two could wait for each other.
      const { rows } =
        await sql`select from webhooks where id = ${webhookId} and enabled for key share`.execute(
          database.of(ctx),
        )
      if (rows.length === 0) return false
      const { numAffectedRows } = await sql`
        update webhook_record_places set transaction_id = ${to.transaction}::xid8, sequence = ${to.sequence}::bigint
        where webhook_id = ${webhookId} and transaction_id = ${position.transaction}::xid8
          and sequence = ${position.sequence}::bigint`.execute(database.of(ctx))
      return numAffectedRows === 1n
    },

    /** The place that is furthest behind. */
    async oldest(ctx: Context): Promise<LogPosition | null> {
      const { rows } = await sql<LogPosition>`
        select place.transaction_id::text as transaction, place.sequence::text as sequence
        from webhook_record_places place where not ${isElsewhere}
        order by place.transaction_id, place.sequence limit 1`.execute(database.of(ctx))
      return rows[0] ?? null
    },
  }
}
