import type { Database } from '@holdfast/database/database'
import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../../tables.ts'
import { eventsChannel } from '../repo.ts'
import type { EventPosition, StoredEvent } from '../stored.ts'

export type ConsumerRepo = ReturnType<typeof createConsumerRepo>

interface EventRow {
  sequence: number
  transaction_id: string
  id: string
  type: string
  organization_id: string | null
  occurred_at: string
  data: Record<string, unknown>
}

const columns = sql`sequence, transaction_id::text, id, type, organization_id, occurred_at, data`

/** Nothing of an unfinished transaction, and nothing that an unfinished one could still come before. */
const settled = sql<boolean>`transaction_id < pg_snapshot_xmin(pg_current_snapshot())`

/** Reading events and keeping the consumers' places. Leases are in the database's time, which all replicas share. */
export function createConsumerRepo(database: Database<Tables>) {
  const { kysely } = database
  const rowsOf = async <T>(query: RawBuilder<T>): Promise<T[]> => (await query.execute(kysely)).rows

  return {
    listen: (handler: () => void | Promise<void>) => database.listen(eventsChannel, handler),

    /** A consumer that is new begins with what commits from now on. */
    async register(name: string): Promise<void> {
      await sql`insert into event_consumers (name, transaction_id, sequence)
        values (${name}, pg_snapshot_xmin(pg_current_snapshot()), -1) on conflict do nothing`.execute(kysely)
    },

    /** Which of these consumers have something before them; `waiting` when it is not settled yet. */
    behind: (names: readonly string[]) =>
      rowsOf(sql<{ name: string; waiting: boolean }>`
        select name, not exists (
          select from events where (transaction_id, sequence) > (consumer.transaction_id, consumer.sequence) and ${settled}
        ) as waiting
        from event_consumers consumer
        where name = any(${[...names]}) and exists (
          select from events where (transaction_id, sequence) > (consumer.transaction_id, consumer.sequence))`),

    /** The consumer's position when nobody else runs it; it is ours for `leaseMs`. */
    async lease(name: string, holder: string, leaseMs: number): Promise<EventPosition | undefined> {
      const [row] = await rowsOf(sql<EventPosition>`
        update event_consumers set lease_holder = ${holder}, lease_until = now() + ${leaseMs} * interval '1 millisecond'
        where name = ${name} and (lease_until < now() or lease_holder = ${holder})
        returning transaction_id::text as "transactionId", sequence`)
      return row
    },

    /** Moves the position on and extends the lease (0 ends it). False when somebody else has taken over. */
    async advance(name: string, holder: string, to: EventPosition, leaseMs: number): Promise<boolean> {
      const rows = await rowsOf(sql`
        update event_consumers set transaction_id = ${to.transactionId}::xid8, sequence = ${to.sequence},
          lease_until = now() + ${leaseMs} * interval '1 millisecond'
        where name = ${name} and lease_holder = ${holder} returning name`)
      return rows.length > 0
    },

    async after({ transactionId, sequence }: EventPosition, limit: number): Promise<StoredEvent[]> {
      const rows = await rowsOf(sql<EventRow>`
        select ${columns} from events where (transaction_id, sequence) > (${transactionId}::xid8, ${sequence}) and ${settled}
        order by events.transaction_id, sequence limit ${limit}`)
      return rows.map(storedEvent)
    },

    /**
     * What has become visible since `snapshot` (null: nothing, only where we are now), and the snapshot to ask with next.
     * Unlike `after`, nothing waits for other transactions, and each event comes exactly once.
     */
    async visibleSince(
      snapshot: string | null,
      limit: number,
    ): Promise<{ snapshot: string; events: StoredEvent[] }> {
      const since = sql`${snapshot}::pg_snapshot`
      const rows = await rowsOf(sql<EventRow & { snapshot: string }>`
        with here as (select pg_current_snapshot()::text as snapshot)
        select here.snapshot, fresh.* from here left join lateral (
          select ${columns} from events
          where events.transaction_id >= pg_snapshot_xmin(${since})
            and not pg_visible_in_snapshot(events.transaction_id, ${since})
          order by sequence limit ${limit}) fresh on true`)
      const events = rows.filter(({ sequence }) => sequence !== null).map(storedEvent)
      const [first] = rows
      if (first === undefined) throw new Error('PostgreSQL did not say its snapshot.')
      return { snapshot: first.snapshot, events }
    },

    /** Age of the oldest event that one of these consumers has not handled, by consumer. */
    oldestUndelivered: (names: readonly string[]) =>
      rowsOf(sql<{ name: string; occurredAt: string }>`
        select name, oldest.occurred_at as "occurredAt" from event_consumers consumer, lateral (
          select occurred_at from events
          where (transaction_id, sequence) > (consumer.transaction_id, consumer.sequence)
          order by events.transaction_id, sequence limit 1) oldest
        where name = any(${[...names]})`),

    /** Removes events older than `before` that all these consumers have handled, at most `limit`; answers how many. */
    async removeHandled(names: readonly string[], before: Date, limit: number): Promise<number> {
      const rows = await rowsOf(sql`
        delete from events where sequence in (
          select sequence from events
          where occurred_at < ${before.toISOString()} and ${settled} and not exists (
            select from event_consumers consumer where name = any(${[...names]})
              and (events.transaction_id, events.sequence) > (consumer.transaction_id, consumer.sequence))
          order by events.transaction_id, sequence limit ${limit})
        returning sequence`)
      return rows.length
    },

    /**
     * After a restore into a new cluster transaction ids begin anew, and what was stored lies in the future of all that
     * comes. Renumbers the stored events as oldest of all and puts each consumer where it was: at least once holds,
     * what a consumer had handled out of sequence order may come again. Answers whether that was necessary.
     */
    async rebaseAfterRestore(): Promise<boolean> {
      return kysely.transaction().execute(async (tx) => {
        const ahead = sql`transaction_id >= pg_snapshot_xmax(pg_current_snapshot())`
        const { rows } = await sql<{ restored: boolean }>`
          select exists (select from events where ${ahead}) or exists (select from event_consumers where ${ahead}) as restored
        `.execute(tx)
        if (rows[0]?.restored !== true) return false
        await sql`lock table events, event_consumers in access exclusive mode`.execute(tx)
        await sql`
          update event_consumers consumer set transaction_id = '0', sequence = coalesce(
            (select min(sequence) - 1 from events
              where (transaction_id, sequence) > (consumer.transaction_id, consumer.sequence)),
            (select max(sequence) from events), 0)`.execute(tx)
        await sql`update events set transaction_id = '0'`.execute(tx)
        return true
      })
    },
  }
}

function storedEvent(row: EventRow): StoredEvent {
  return {
    id: row.id,
    type: row.type,
    organizationId: row.organization_id,
    occurredAt: row.occurred_at,
    data: row.data,
    position: { transactionId: row.transaction_id, sequence: row.sequence },
  }
}
