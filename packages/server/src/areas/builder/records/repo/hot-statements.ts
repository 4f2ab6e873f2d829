import type { Lane, Row } from './lanes.ts'
import { type Stored, tableNameOf, tableOf } from './storage.ts'

/**
 * The SQL of the hot path: by id, newest first, create. One statement is one round trip and one transaction.
 * Lists of values travel as one text each: ids hold no comma, and JSON text that `JSON.stringify` made holds no line
 * break, so splitting is exact and cheaper on both sides than an array literal.
 */

/** id, body, version, created_at, updated_at. */
export const recordColumns = 'id, body::text, version, created_at, updated_at'

/** One record as it is stored; `createdAt` and `updatedAt` are ISO texts. */
export interface StoredRecord {
  id: string
  body: string
  version: number
  createdAt: string
  updatedAt: string
}

export function recordOf(row: Row): StoredRecord {
  const [id, body, version, createdAt, updatedAt] = row
  return {
    id: id ?? '',
    body: body ?? '{}',
    version: Number(version),
    createdAt: isoOf(createdAt ?? ''),
    updatedAt: isoOf(updatedAt ?? ''),
  }
}

/** `2026-01-02 03:04:05.6+00` -> `2026-01-02T03:04:05.600Z`. */
export function isoOf(text: string): string {
  if (text.length === 26) return `${text.slice(0, 10)}T${text.slice(11, 23)}Z`
  const fraction = text.slice(20, -3)
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0')}Z`
}

export async function selectByIds(
  lane: Lane,
  collection: Stored,
  ids: readonly string[],
  now: string,
): Promise<Map<string, StoredRecord>> {
  const { rows } = await lane.run(
    {
      name: `by_id_${tableNameOf(collection)}`,
      text: `select ${recordColumns} from ${tableOf(collection)}
        where id = any(string_to_array($1, ',')) and (expires_at is null or expires_at > $2)`,
    },
    [ids.join(','), now],
  )
  const found = new Map<string, StoredRecord>()
  for (const row of rows) {
    const record = recordOf(row)
    found.set(record.id, record)
  }
  return found
}

export interface NewRecord {
  id: string
  body: string
}

export interface CreateTarget {
  collection: Stored
  endpointId: string
  /** Null keeps records for ever. */
  retentionDays: number | null
}

/** Inserts all or none. */
export async function insertRecords(
  lane: Lane,
  target: CreateTarget,
  records: readonly NewRecord[],
  now: Date,
): Promise<void> {
  const { collection } = target
  const at = now.toISOString()
  const expiresAt =
    target.retentionDays === null
      ? null
      : new Date(now.getTime() + target.retentionDays * 86_400_000).toISOString()
  await lane.run(
    {
      name: `create_${tableNameOf(collection)}`,
      text: `with counted as (
          insert into record_counts as c (collection_id, shard, count) values ($6, $7, $8)
          on conflict (collection_id, shard) do update set count = c.count + excluded.count
        ), told as (
          insert into record_changes (collection_id, kind, record_ids, occurred_at) values ($6, 'created', $1, $3)
        )
        insert into ${tableOf(collection)} (id, body, endpoint_id, created_at, updated_at, expires_at)
        select r.id, r.body::json, $4::uuid, $3::timestamptz, $3::timestamptz, $5::timestamptz
        from unnest(string_to_array($1, ','), string_to_array($2, E'\\n')) as r (id, body)`,
    },
    [
      records.map(({ id }) => id).join(','),
      records.map(({ body }) => body).join('\n'),
      at,
      target.endpointId,
      expiresAt,
      collection.id,
      lane.shard,
      records.length,
    ],
  )
}

export interface ListPage {
  total: number
  records: StoredRecord[]
}

/**
 * One page, newest first, with the total, in one round trip. The page's first id is looked up in the index alone, so a
 * deep page reads index entries and not records. Expired records that the sweeper has not met yet count as absent.
 */
export async function selectPage(
  lane: Lane,
  collection: Stored,
  page: { offset: number; limit: number },
  now: string,
): Promise<ListPage> {
  const table = tableOf(collection)
  const start =
    page.offset === 0
      ? ''
      : `and id <= (select id from ${table} where expires_at is null or expires_at > $3 order by id desc offset $4 limit 1)`
  const { rows } = await lane.run(
    {
      name: `${page.offset === 0 ? 'first' : 'page'}_${tableNameOf(collection)}`,
      text: `select t.total, r.* from (
          select coalesce(sum(count), 0) - (select count(*) from ${table} where expires_at <= $3) as total
          from record_counts where collection_id = $1
        ) as t left join lateral (
          select ${recordColumns} from ${table}
          where (expires_at is null or expires_at > $3) ${start}
          order by id desc limit $2
        ) as r on true`,
    },
    [collection.id, page.limit, now, ...(page.offset === 0 ? [] : [page.offset])],
  )
  const records: StoredRecord[] = []
  for (const [, ...row] of rows) {
    if (row[0] !== null) records.push(recordOf(row))
  }
  return { total: Number(rows[0]?.[0] ?? 0), records }
}

/**
 * Several pages of one length in one statement, by their offsets. The index is walked once, as far as the farthest of
 * them begins, and the total is added up once.
 */
export async function selectPages(
  lane: Lane,
  collection: Stored,
  pages: { offsets: readonly number[]; limit: number },
  now: string,
): Promise<Map<number, ListPage>> {
  const table = tableOf(collection)
  const { rows } = await lane.run(
    {
      name: `pages_${tableNameOf(collection)}`,
      text: `select t.total, s.n, r.* from (
          select coalesce(sum(count), 0) - (select count(*) from ${table} where expires_at <= $3) as total
          from record_counts where collection_id = $1
        ) as t left join (
          select id, row_number() over (order by id desc) - 1 as n from (
            select id from ${table} where expires_at is null or expires_at > $3 order by id desc limit $5
          ) as walked
        ) as s on s.n = any(string_to_array($4, ',')::bigint[])
        left join lateral (
          select ${recordColumns} from ${table}
          where (expires_at is null or expires_at > $3) and id <= s.id
          order by id desc limit $2
        ) as r on true`,
    },
    [collection.id, pages.limit, now, pages.offsets.join(','), Math.max(...pages.offsets) + 1],
  )
  const total = Number(rows[0]?.[0] ?? 0)
  const found = new Map(pages.offsets.map((offset) => [offset, { total, records: [] as StoredRecord[] }]))
  for (const [, offset, ...row] of rows)
    if (offset !== null && row[0] !== null) found.get(Number(offset))?.records.push(recordOf(row))
  return found
}
