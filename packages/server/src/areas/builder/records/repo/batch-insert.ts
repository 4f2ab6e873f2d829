import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { CreateTarget, NewRecord } from './hot-statements.ts'
import { tableNameOf } from './storage.ts'
import { writeRefusal } from './write-refusal.ts'

export type { NewRecord } from './hot-statements.ts'

/** Inserts in `ctx.tx` what can be inserted; answers the others' positions with the reason. */
export type BatchInsert = (
  ctx: Context,
  target: CreateTarget,
  records: readonly NewRecord[],
  at: Date,
) => Promise<Map<number, string>>

export function createBatchInsert(database: Database<Tables>): BatchInsert {
  async function insert(
    ctx: Context,
    { collection, endpointId, retentionDays }: CreateTarget,
    records: readonly NewRecord[],
    at: Date,
  ): Promise<void> {
    const createdAt = at.toISOString()
    const expiresAt =
      retentionDays === null ? null : new Date(at.getTime() + retentionDays * 86_400_000).toISOString()
    const idList = records.map(({ id }) => id)
    await sql`
      with counted as (
        insert into record_counts as c (collection_id, shard, count) values (${collection.id}, 0, ${records.length})
        on conflict (collection_id, shard) do update set count = c.count + excluded.count
      ), told as (
        insert into record_changes (collection_id, kind, record_ids, occurred_at)
        values (${collection.id}, 'created', ${idList.join(',')}, ${createdAt})
      )
      insert into ${sql.id('records', tableNameOf(collection))} (id, body, endpoint_id, created_at, updated_at, expires_at)
      select r.id, r.body::json, ${endpointId}::uuid, ${createdAt}::timestamptz, ${createdAt}::timestamptz, ${expiresAt}::timestamptz
      from unnest(${idList}::text[], ${records.map(({ body }) => body)}::text[]) as r (id, body)
    `.execute(database.of(ctx))
  }

  /** False when the database refused the values, and everything since the savepoint is undone. */
  async function attempt(
    ctx: Context,
    target: CreateTarget,
    records: readonly NewRecord[],
    at: Date,
  ): Promise<Error | null> {
    await sql`savepoint batch_insert`.execute(database.of(ctx))
    try {
      await insert(ctx, target, records, at)
      await sql`release savepoint batch_insert`.execute(database.of(ctx))
      return null
    } catch (error) {
      const refusal = writeRefusal(error)
      if (refusal === null) throw error
      await sql`rollback to savepoint batch_insert`.execute(database.of(ctx))
      return refusal
    }
  }

  return async (ctx, target, records, at) => {
    const refused = new Map<number, string>()
    if (records.length === 0 || (await attempt(ctx, target, records, at)) === null) return refused
    for (const [index, record] of records.entries()) {
      const refusal = await attempt(ctx, target, [record], at)
      if (refusal !== null) refused.set(index, refusal.message)
    }
    return refused
  }
}
