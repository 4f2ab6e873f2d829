import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import type { KeyStep, RecordStore, StoredBody } from '../../model.ts'
import { type Stored, tableNameOf } from './storage.ts'

/** What schema changes do to many records: counting values, moving records, changing bodies. */

const batchMax = 500

export function createRewriting(
  database: Database<Tables>,
): Pick<RecordStore, 'countValues' | 'moveRecords' | 'rewrite'> {
  const tableOf = (collection: Stored) => sql.id('records', tableNameOf(collection))

  return {
    async countValues(ctx, collection, keyPath) {
      const { from, value } = pathSql(keyPath)
      const { rows } = await sql<{ held: number }>`
        select count(*) as held from ${tableOf(collection)} as t
        where exists (select 1 from (select t.body as v0) as l0 ${from} where ${value} is not null)
      `.execute(database.of(ctx))
      return rows[0]?.held ?? 0
    },

    async moveRecords(ctx, { from, to, endpointId, keys }) {
      const renamed = Object.entries(keys).filter(([before, after]) => before !== after)
      // `json` has no operator that renames, and `jsonb` would lose the order: the object is put together again.
      const body =
        renamed.length === 0
          ? sql`body`
          : sql`(select coalesce(json_object_agg(coalesce(${JSON.stringify(Object.fromEntries(renamed))}::jsonb ->> p.key, p.key), p.value), '{}') from json_each(body) as p)`
      const { rows } = await sql<{ moved: number }>`
        with taken as (
          delete from ${tableOf(from)} where ${endpointId}::uuid is null or endpoint_id = ${endpointId}::uuid returning *
        ), put as (
          insert into ${tableOf(to)} (id, body, version, endpoint_id, created_at, updated_at, expires_at)
          select id, ${body}, version, endpoint_id, created_at, updated_at, expires_at from taken returning id
        ), counted as (
          insert into record_counts as c (collection_id, shard, count)
          select side.id, 0, side.sign * (select count(*) from put)
          from (values (${from.id}::uuid, -1), (${to.id}::uuid, 1)) as side (id, sign)
          on conflict (collection_id, shard) do update set count = c.count + excluded.count
        )
        select count(*) as moved from put
      `.execute(database.of(ctx))
      return rows[0]?.moved ?? 0
    },

    async rewrite(ctx, collection, change, onProgress) {
      const total = await countAll(ctx, collection)
      let after = ''
      for (let done = 0; ; ) {
        ctx.signal.throwIfAborted()
        const rows = await database.transaction(ctx, (tx) => rewriteBatch(tx, collection, change, after))
        done += rows.length
        onProgress(done, Math.max(total, done))
        after = rows.at(-1)?.id ?? after
        if (rows.length < batchMax) return
      }
    },
  }

  async function countAll(ctx: Context, collection: Stored): Promise<number> {
    const { rows } = await sql<{ total: number }>`
      select coalesce(sum(count), 0)::bigint as total from record_counts where collection_id = ${collection.id}
    `.execute(database.of(ctx))
    return rows[0]?.total ?? 0
  }

  /** The rows are locked between reading and writing, so no change of a user is lost. */
  async function rewriteBatch(
    tx: Context,
    collection: Stored,
    change: (body: StoredBody) => StoredBody | null,
    after: string,
  ) {
    const { rows } = await sql<{ id: string; text: string }>`
      select id, body::text as text from ${tableOf(collection)} where id > ${after} order by id limit ${batchMax} for update
    `.execute(database.of(tx))
    const changed = rows.flatMap(({ id, text }) => {
      const body = change(JSON.parse(text) as StoredBody)
      return body === null ? [] : [{ id, body: JSON.stringify(body) }]
    })
    if (changed.length > 0) {
      await sql`
        update ${tableOf(collection)} as t set body = n.body::json, version = t.version + 1
        from unnest(${changed.map(({ id }) => id)}::text[], ${changed.map(({ body }) => body)}::text[]) as n (id, body)
        where t.id = n.id
      `.execute(database.of(tx))
    }
    return rows
  }
}

/** Lateral joins that walk the path; `items` spreads an array. A JSON null counts as no value. */
function pathSql(keyPath: readonly KeyStep[]) {
  const joins = keyPath.map((step, index) => {
    const before = sql.raw(`l${index}.v${index}`)
    const alias = sql.raw(`l${index + 1}`)
    const column = sql.raw(`v${index + 1}`)
    if (step === 'items') {
      return sql`cross join lateral (select e as ${column} from json_array_elements(case json_typeof(${before}) when 'array' then ${before} end) as e) as ${alias}`
    }
    return sql`cross join lateral (select ${before} -> ${step.key}::text as ${column}) as ${alias}`
  })
  const last = sql.raw(`l${keyPath.length}.v${keyPath.length}`)
  return { from: sql.join(joins, sql` `), value: sql`nullif(${last}::text, 'null')` }
}
