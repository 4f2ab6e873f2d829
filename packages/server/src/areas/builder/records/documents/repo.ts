import type { Database } from '@holdfast/database/database'
import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { StoredCollection } from '../../model.ts'
import { tableNameOf } from '../repo/storage.ts'
import { writeRefusal } from '../repo/write-refusal.ts'

export interface RecordRow {
  id: string
  collectionId: string
  endpointId: string | null
  /** JSON text. */
  body: string
  version: number
  createdAt: string
  updatedAt: string
  expiresAt: string | null
}

export type RecordDocumentsRepo = ReturnType<typeof createRecordDocumentsRepo>

/** Listeners are told of so many records that a clearing takes away; they read the others' absence when they read again. */
const toldMax = 10_000

/** Records of all collections as one, newest first: their ids sort by creation wherever they are. */
export function createRecordDocumentsRepo(database: Database<Tables>) {
  const tableIn = (collection: StoredCollection) => sql.id('records', tableNameOf(collection))
  const union = (parts: RawBuilder<unknown>[]) => sql.join(parts, sql` union all `)

  return {
    async count(ctx: Context, collections: readonly StoredCollection[]): Promise<number> {
      const ids = collections.map(({ id }) => id)
      const { rows } = await sql<{ total: number }>`
        select coalesce(sum(count), 0)::bigint as total from record_counts
        where collection_id = any(${ids}::uuid[])`.execute(database.of(ctx))
      return rows[0]?.total ?? 0
    },

    /** Where the records of a page are. Read from the primary keys alone, merged in their order. */
    async page(
      ctx: Context,
      collections: readonly StoredCollection[],
      { offset, limit, now }: { offset: number; limit: number; now: string },
    ): Promise<{ id: string; collectionId: string }[]> {
      if (collections.length === 0) return []
      const parts = collections.map(
        (collection) =>
          sql`select id, expires_at, ${collection.id}::text as collection_id from ${tableIn(collection)}`,
      )
      const { rows } = await sql<{ id: string; collectionId: string }>`
        select id, collection_id as "collectionId" from (${union(parts)}) as record
        where expires_at is null or expires_at > ${now}::timestamptz
        order by id desc limit ${limit} offset ${offset}
      `.execute(database.of(ctx))
      return rows
    },

    async findMany(
      ctx: Context,
      collections: readonly StoredCollection[],
      ids: readonly string[],
      now: string,
    ): Promise<RecordRow[]> {
      if (collections.length === 0 || ids.length === 0) return []
      const parts = collections.map(
        (collection) => sql`
          select id, ${collection.id}::text as "collectionId", endpoint_id as "endpointId", body::text as body, version,
            created_at as "createdAt", updated_at as "updatedAt", expires_at as "expiresAt"
          from ${tableIn(collection)}
          where id = any(${[...ids]}::text[]) and (expires_at is null or expires_at > ${now}::timestamptz)`,
      )
      const { rows } = await sql<RecordRow>`${union(parts)}`.execute(database.of(ctx))
      return rows
    },

    /** False when the record is gone or at another version. Throws records.value_taken, records.invalid. */
    async update(
      ctx: Context,
      collection: StoredCollection,
      { id, version, body, now }: Pick<RecordRow, 'id' | 'version' | 'body'> & { now: string },
    ): Promise<boolean> {
      const { numAffectedRows } = await sql`
        with changed as (
          update ${tableIn(collection)} set body = ${body}::json, version = version + 1, updated_at = ${now}::timestamptz
          where id = ${id} and version = ${version} returning id
        )
        insert into record_changes (collection_id, kind, record_ids, occurred_at)
        select ${collection.id}::uuid, 'updated', id, ${now}::timestamptz from changed
      `
        .execute(database.of(ctx))
        .catch((error: unknown) => {
          throw writeRefusal(error) ?? error
        })
      return numAffectedRows === 1n
    },

    async remove(ctx: Context, collection: StoredCollection, id: string, now: string): Promise<void> {
      await sql`
        with removed as (delete from ${tableIn(collection)} where id = ${id} returning id),
        counted as (
          insert into record_counts as c (collection_id, shard, count)
          select ${collection.id}::uuid, 0, -count(*) from removed having count(*) > 0
          on conflict (collection_id, shard) do update set count = c.count + excluded.count
        )
        insert into record_changes (collection_id, kind, record_ids, occurred_at)
        select ${collection.id}::uuid, 'deleted', id, ${now}::timestamptz from removed
      `.execute(database.of(ctx))
    },

    /** Empties every collection; answers how many records there were. */
    async clear(ctx: Context, collections: readonly StoredCollection[], now: string): Promise<number> {
      if (collections.length === 0) return 0
      // Nobody writes to any of them from here on, so that what is counted is what goes.
      await sql`lock table ${sql.join(collections.map(tableIn))} in access exclusive mode`.execute(
        database.of(ctx),
      )
      for (const collection of collections) {
        await sql`
          insert into record_changes (collection_id, kind, record_ids, occurred_at)
          select ${collection.id}::uuid, 'deleted', string_agg(id, ','), ${now}::timestamptz
          from (select id from ${tableIn(collection)} order by id desc limit ${toldMax}) as newest
          having count(*) > 0`.execute(database.of(ctx))
      }
      await sql`truncate ${sql.join(collections.map(tableIn))}`.execute(database.of(ctx))
      const ids = collections.map(({ id }) => id)
      const { rows } = await sql<{ count: number }>`
        delete from record_counts where collection_id = any(${ids}::uuid[]) returning count`.execute(
        database.of(ctx),
      )
      return rows.reduce((total, { count }) => total + count, 0)
    },
  }
}
