import type { Collection } from '../model.ts'
import type { StoredRecord } from './repo/hot-statements.ts'

/** How records become the text of an answer. */

/**
 * The record as its reader sees it. When everybody sees everything under the stored keys, the stored text is spliced into
 * the answer as it is: it is never parsed.
 */
export function renderRecord(
  collection: Collection,
  record: StoredRecord,
  groupIds: readonly string[],
): string {
  if (collection.isPlain) return withFacts(record, record.body)
  return withFacts(record, JSON.stringify(decodeRecord(collection, record, groupIds)))
}

/** The record's own properties by name, without id and dates. */
export function decodeRecord(
  collection: Collection,
  record: StoredRecord,
  groupIds: readonly string[],
): Record<string, unknown> {
  const body = JSON.parse(record.body) as Record<string, unknown>
  return collection.isPlain ? body : collection.codec.decode(body, groupIds)
}

/** `{"_id","id", …body…, "createdAt","updatedAt"}`. `body` is the text of a JSON object. */
export function withFacts(
  { id, createdAt, updatedAt }: Omit<StoredRecord, 'body' | 'version'>,
  body: string,
): string {
  const inner = body.length > 2 ? `,${body.slice(1, -1)}` : ''
  return `{"_id":"${id}","id":"${id}"${inner},"createdAt":"${createdAt}","updatedAt":"${updatedAt}"}`
}

/** Keeps `id`, `_id` and the named properties. */
export function pickFields(
  properties: Record<string, unknown>,
  record: StoredRecord,
  fields: readonly string[],
): Record<string, unknown> {
  const picked: Record<string, unknown> = { _id: record.id, id: record.id }
  for (const name of fields) {
    if (name === 'createdAt' || name === 'updatedAt') picked[name] = record[name]
    else if (Object.hasOwn(properties, name)) picked[name] = properties[name]
  }
  return picked
}

export function entityTag(version: number): string {
  return `"${version}"`
}
