import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import { type Stored, tableNameOf } from './storage.ts'
import { writeRefusal } from './write-refusal.ts'

/** A record that is here. */
export interface HeldRecord {
  /** JSON text. */
  body: string
  /** Its time is over and the sweeper has not met it yet. */
  isExpired: boolean
}

export interface ChangedRecord {
  id: string
  /** JSON text. */
  body: string
}

/** So many ids of deleted records stand in one row of the log of changes. */
const toldMax = 1_000

export type GivenRecordsRepo = ReturnType<typeof createGivenRecordsRepo>

/** Records that come with an id from elsewhere: comparing them with those that are here. All of it in `ctx.tx`. */
export function createGivenRecordsRepo(database: Database<Tables>) {
  const tableOf = (collection: Stored) => sql.id('records', tableNameOf(collection))

  async function update(ctx: Context, collection: Stored, records: readonly ChangedRecord[], at: Date) {
    const now = at.toISOString()
    await sql`
      with changed as (
        update ${tableOf(collection)} as t
        set body = n.body::json, version = t.version + 1, updated_at = ${now}::timestamptz
        from unnest(${records.map(({ id }) => id)}::text[], ${records.map(({ body }) => body)}::text[]) as n (id, body)
        where t.id = n.id returning t.id
      )
      insert into record_changes (collection_id, kind, record_ids, occurred_at)
      select ${collection.id}::uuid, 'updated', string_agg(id, ','), ${now}::timestamptz from changed having count(*) > 0
    `.execute(database.of(ctx))
  }

  /** What the database has against the values; then everything since the savepoint is undone. */
  async function attempt(ctx: Context, collection: Stored, records: readonly ChangedRecord[], at: Date) {
    await sql`savepoint given_records`.execute(database.of(ctx))
    try {
      await update(ctx, collection, records, at)
      await sql`release savepoint given_records`.execute(database.of(ctx))
      return null
    } catch (error) {
      const refusal = writeRefusal(error)
      if (refusal === null) throw error
      await sql`rollback to savepoint given_records`.execute(database.of(ctx))
      return refusal
    }
  }

  /** Writes down which records came, on disk, because there may be more of them than fit into memory. */
  async function remember(ctx: Context, collection: Stored, ids: readonly string[]): Promise<void> {
    await sql`
      create temporary table if not exists given_records (
        collection_id uuid not null, record_id text collate "C" not null
      ) on commit drop
    `.execute(database.of(ctx))
    await sql`
      insert into pg_temp.given_records (collection_id, record_id)
      select ${collection.id}::uuid, id from unnest(${[...ids]}::text[]) as id
    `.execute(database.of(ctx))
  }

  return {
    /** Those of `ids` that are here. With `lock` nobody else changes them until the transaction ends. */
    async findMany(
      ctx: Context,
      collection: Stored,
      ids: readonly string[],
      { at, lock }: { at: Date; lock: boolean },
    ): Promise<Map<string, HeldRecord>> {
      if (ids.length === 0) return new Map()
      const { rows } = await sql<HeldRecord & { id: string }>`
        select id, body::text as body, coalesce(expires_at <= ${at.toISOString()}::timestamptz, false) as "isExpired"
        from ${tableOf(collection)} where id = any(${[...ids]}::text[]) order by id ${lock ? sql`for update` : sql``}
      `.execute(database.of(ctx))
      return new Map(rows.map(({ id, ...held }) => [id, held]))
    },

    /** Changes what can be changed; answers the others' positions with the reason. */
    async updateMany(
      ctx: Context,
      collection: Stored,
      records: readonly ChangedRecord[],
      at: Date,
    ): Promise<Map<number, string>> {
      const refused = new Map<number, string>()
      if (records.length === 0 || (await attempt(ctx, collection, records, at)) === null) return refused
      for (const [index, record] of records.entries()) {
        const refusal = await attempt(ctx, collection, [record], at)
        if (refusal !== null) refused.set(index, refusal.message)
      }
      return refused
    },

    remember,

    /** Deletes the records of a collection that `remember` was not told of; answers how many. */
    async removeOthers(ctx: Context, collection: Stored, at: Date): Promise<number> {
      await remember(ctx, collection, [])
      const now = at.toISOString()
      const { rows } = await sql<{ removed: number }>`
        with removed as (
          delete from ${tableOf(collection)} as t
          where (expires_at is null or expires_at > ${now}::timestamptz) and not exists (
            select from pg_temp.given_records as given
            where given.collection_id = ${collection.id}::uuid and given.record_id = t.id
          ) returning id
        ), counted as (
          insert into record_counts as c (collection_id, shard, count)
          select ${collection.id}::uuid, 0, -count(*) from removed having count(*) > 0
          on conflict (collection_id, shard) do update set count = c.count + excluded.count
        ), told as (
          insert into record_changes (collection_id, kind, record_ids, occurred_at)
          select ${collection.id}::uuid, 'deleted', string_agg(id, ','), ${now}::timestamptz
          from (select id, row_number() over (order by id) / ${toldMax}::int as part from removed) as numbered
          group by part
        )
        select count(*) as removed from removed
      `.execute(database.of(ctx))
      return rows[0]?.removed ?? 0
    },
  }
}
