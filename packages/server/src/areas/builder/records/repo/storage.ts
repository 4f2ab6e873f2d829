import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Collection } from '../../model.ts'
import type { Tables } from '../../../../tables.ts'

/** What storing needs of a collection. */
export type Stored = Pick<Collection, 'id' | 'table'>

/** Name of a collection's table inside the schema `records`; refuses what could be anything else in SQL text. */
export function tableNameOf(collection: Stored): string {
  if (!/^c_[0-9a-f]{32}$/.test(collection.table))
    throw new Error(`${collection.table} is not the table of a collection.`)
  return collection.table
}

/** The table of a collection, ready to stand in SQL text. */
export function tableOf(collection: Stored): string {
  return `records.${tableNameOf(collection)}`
}

export type RecordStorage = ReturnType<typeof createRecordStorage>

/** Creates and drops what holds a collection's records. Each call belongs in the transaction of its cause. */
export function createRecordStorage(database: Database<Tables>) {
  return {
    /**
     * `body` is `json`, not `jsonb`: the text is kept as written, so the order of properties stays and an answer is a
     * copy instead of a rendering. Ids sort by creation in byte order, hence `collate "C"`; `expires_at` rides in the
     * primary key so that deep pages are found in the index alone.
     */
    async createTable(ctx: Context, collection: Stored): Promise<void> {
      const name = tableNameOf(collection)
      const table = sql.id('records', name)
      await sql`
        create table ${table} (
          id text collate "C" not null,
          body json not null,
          version integer not null default 1,
          endpoint_id uuid,
          created_at timestamptz(3) not null,
          updated_at timestamptz(3) not null,
          expires_at timestamptz(3),
          primary key (id) include (expires_at)
        ) with (fillfactor = 90)
      `.execute(database.of(ctx))
      await sql`create index ${sql.id(`${name}_expires`)} on ${table} (expires_at) where expires_at is not null`.execute(
        database.of(ctx),
      )
    },

    async dropTable(ctx: Context, collection: Stored): Promise<void> {
      // The SQL view of it, where there is one, goes too.
      await sql`drop table if exists ${sql.id('records', tableNameOf(collection))} cascade`.execute(
        database.of(ctx),
      )
      await sql`delete from record_counts where collection_id = ${collection.id}`.execute(database.of(ctx))
      await sql`delete from record_changes where collection_id = ${collection.id}`.execute(database.of(ctx))
    },

    /** Removes the records that came through one endpoint; answers how many. */
    async removeOfEndpoint(ctx: Context, collection: Stored, endpointId: string, at: Date): Promise<number> {
      const table = sql.id('records', tableNameOf(collection))
      const result = await sql<{ removed: number }>`
        with removed as (delete from ${table} where endpoint_id = ${endpointId} returning id),
        counted as (
          insert into record_counts as c (collection_id, shard, count)
          select ${collection.id}, 0, -count(*) from removed
          on conflict (collection_id, shard) do update set count = c.count + excluded.count
        ),
        told as (
          insert into record_changes (collection_id, kind, record_ids, occurred_at)
          select ${collection.id}, 'deleted', string_agg(id, ','), ${at.toISOString()} from removed having count(*) > 0
        )
        select count(*) as removed from removed
      `.execute(database.of(ctx))
      return result.rows[0]?.removed ?? 0
    },

    /** How many records a collection holds, expired ones that the sweeper has not met yet included. */
    async count(ctx: Context, collection: Stored): Promise<number> {
      const result = await sql<{ total: number }>`
        select coalesce(sum(count), 0)::bigint as total from record_counts where collection_id = ${collection.id}
      `.execute(database.of(ctx))
      return result.rows[0]?.total ?? 0
    },
  }
}
