import { createHash } from 'node:crypto'
import { problem } from '@holdfast/contracts/problems'
import type { ListQuery } from './query.ts'
import { castOf } from './query-fields.ts'
import type { Cursor } from './repo/query-sql.ts'

/** Cursors are opaque to clients: base64url of the sort's fingerprint, the last record's sort values and its id. */

export function writeCursor(query: Pick<ListQuery, 'sort'>, cursor: Cursor): string {
  return Buffer.from(JSON.stringify([fingerprint(query), cursor.id, ...cursor.values])).toString('base64url')
}

/** Throws records.query_invalid for what was not written by `writeCursor` for the same sort. */
export function readCursor(query: Pick<ListQuery, 'sort' | 'cursor'>): Cursor | null {
  if (query.cursor === null) return null
  const parts = parse(query.cursor)
  if (
    parts === null ||
    parts.length !== query.sort.length + 2 ||
    parts[0] !== fingerprint(query) ||
    !/^[0-9a-f]{24}$/.test(parts[1] ?? '')
  ) {
    throw problem('records.query_invalid', {
      sentence: 'The cursor does not belong to this list. Start again without one.',
      details: [{ path: 'query.cursor', message: 'must be the nextCursor of a list with the same sort' }],
    })
  }
  const values = parts.slice(2)
  query.sort.forEach(({ field }, index) => {
    const value = values[index] ?? null
    const isNumber = field.kind === 'value' && castOf(field.type) === 'numeric'
    if (isNumber && value !== null && !Number.isFinite(Number(value))) values[index] = null
  })
  return { id: parts[1] ?? '', values }
}

function parse(text: string): (string | null)[] | null {
  if (text.length > 20_000) return null
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (!Array.isArray(parts) || !parts.every((part) => part === null || typeof part === 'string'))
      return null
    return parts as (string | null)[]
  } catch {
    return null
  }
}

function fingerprint({ sort }: Pick<ListQuery, 'sort'>): string {
  const written = sort.map(({ field, descending }) => `${descending ? '-' : ''}${field.name}`).join(',')
  return createHash('sha256').update(written).digest('base64url').slice(0, 8)
}
