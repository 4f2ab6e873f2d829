import type { Lane } from './lanes.ts'
import { recordColumns, recordOf, type StoredRecord } from './hot-statements.ts'
import { type Stored, tableNameOf, tableOf } from './storage.ts'

/** Changing and removing records that exist. As on the hot path, one statement is one transaction. */

export interface Replacement {
  id: string
  body: string
  /** The version that the new body was made from; another one means somebody else was faster. */
  version: number
}

/** Answers the records as they are now; those whose version did not match, or that are gone, are missing. */
export async function updateRecords(
  lane: Lane,
  collection: Stored,
  replacements: readonly Replacement[],
  now: string,
): Promise<Map<string, StoredRecord>> {
  const { rows } = await lane.run(
    {
      name: `update_${tableNameOf(collection)}`,
      text: `with changed as (
          update ${tableOf(collection)} as t
          set body = n.body::json, version = t.version + 1, updated_at = $5::timestamptz
          from unnest(string_to_array($2, ','), string_to_array($3, E'\\n'), string_to_array($4, ',')::int[]) as n (id, body, version)
          where t.id = n.id and t.version = n.version and (t.expires_at is null or t.expires_at > $5)
          returning t.id, t.body::text, t.version, t.created_at, t.updated_at
        ), told as (
          insert into record_changes (collection_id, kind, record_ids, occurred_at)
          select $1::uuid, 'updated', string_agg(id, ','), $5 from changed having count(*) > 0
        )
        select ${recordColumns} from changed`,
    },
    [
      collection.id,
      replacements.map(({ id }) => id).join(','),
      replacements.map(({ body }) => body).join('\n'),
      replacements.map(({ version }) => version).join(','),
      now,
    ],
  )
  return new Map(rows.map((row) => [row[0] ?? '', recordOf(row)]))
}

/** Answers the ids that were there. With `version`, only a record at that version goes. */
export async function deleteRecords(
  lane: Lane,
  collection: Stored,
  ids: readonly string[],
  now: string,
  version: number | null = null,
): Promise<Set<string>> {
  const { rows } = await lane.run(
    {
      name: `delete_${tableNameOf(collection)}`,
      text: `with removed as (
          delete from ${tableOf(collection)}
          where id = any(string_to_array($2, ',')) and (expires_at is null or expires_at > $3)
            and ($5::int is null or version = $5)
          returning id
        ), counted as (
          insert into record_counts as c (collection_id, shard, count)
          select $1::uuid, $4, -count(*) from removed having count(*) > 0
          on conflict (collection_id, shard) do update set count = c.count + excluded.count
        ), told as (
          insert into record_changes (collection_id, kind, record_ids, occurred_at)
          select $1::uuid, 'deleted', string_agg(id, ','), $3 from removed having count(*) > 0
        )
        select id from removed`,
    },
    [collection.id, ids.join(','), now, lane.shard, version],
  )
  return new Set(rows.map((row) => row[0] ?? ''))
}

/** Removes at most `max` records whose time is over; answers how many. */
export async function deleteExpired(
  lane: Lane,
  collection: Stored,
  now: string,
  max: number,
): Promise<number> {
  const table = tableOf(collection)
  const { rows } = await lane.run(
    {
      text: `with removed as (
          delete from ${table} where id in (
            select id from ${table} where expires_at <= $2 order by expires_at limit $3 for update skip locked
          ) returning id
        ), counted as (
          insert into record_counts as c (collection_id, shard, count)
          select $1::uuid, $4, -count(*) from removed having count(*) > 0
          on conflict (collection_id, shard) do update set count = c.count + excluded.count
        ), told as (
          insert into record_changes (collection_id, kind, record_ids, occurred_at)
          select $1::uuid, 'deleted', string_agg(id, ','), $2 from removed having count(*) > 0
        )
        select count(*) from removed`,
    },
    [collection.id, now, max, lane.shard],
  )
  return Number(rows[0]?.[0] ?? 0)
}

/** Which of `ids` exist. */
export async function selectExisting(
  lane: Lane,
  collection: Stored,
  ids: readonly string[],
  now: string,
): Promise<Set<string>> {
  const { rows } = await lane.run(
    {
      name: `exists_${tableNameOf(collection)}`,
      text: `select id from ${tableOf(collection)}
        where id = any(string_to_array($1, ',')) and (expires_at is null or expires_at > $2)`,
    },
    [ids.join(','), now],
  )
  return new Set(rows.map((row) => row[0] ?? ''))
}
