import { readProblem } from '@holdfast/contracts/kit/client'
import { z } from 'zod'
import { apiUrl } from '../../../lib/base.ts'
import { request } from '../../../lib/client.ts'
import { sessionFetch } from '../../../lib/session-fetch.ts'
import { queryOf, type RecordsView } from './view.ts'

/** A record as the runtime answers it: its own fields, and these. */
export const StoredRecord = z.looseObject({ id: z.string(), createdAt: z.string(), updatedAt: z.string() })
export type StoredRecord = z.output<typeof StoredRecord>

const RecordList = z.object({
  data: z.array(StoredRecord),
  meta: z.object({
    total: z.int(),
    /** True when counting stopped: there are at least so many. */
    totalIsLowerBound: z.boolean().optional(),
    nextCursor: z.string().nullable().optional(),
  }),
})
export type RecordList = z.output<typeof RecordList>

const OneRecord = z.object({ data: StoredRecord })

export const recordsPageSize = 100

export interface ListRecords {
  path: string
  view: RecordsView
  /** Reference fields to bring along. */
  populate: readonly string[]
  cursor: string | null
  limit?: number
  signal?: AbortSignal
}

/** One part of a list of records. */
export async function fetchRecords(input: ListRecords): Promise<RecordList> {
  const query = queryOf(input.view)
  query.set('limit', String(input.limit ?? recordsPageSize))
  if (input.populate.length > 0) query.set('populate', input.populate.join(','))
  if (input.cursor !== null) query.set('cursor', input.cursor)
  const answer = await request({
    path: `${input.path}?${query}`,
    ...(input.signal ? { signal: input.signal } : {}),
  })
  return RecordList.parse(answer)
}

export async function fetchRecord(path: string, id: string): Promise<StoredRecord> {
  return OneRecord.parse(await request({ path: `${path}/${id}` })).data
}

export async function createRecord(path: string, body: Record<string, unknown>): Promise<StoredRecord> {
  return OneRecord.parse(await request({ method: 'POST', path, body })).data
}

/** Changes only what is named; everything else stays as it is, also what somebody else changed meanwhile. */
export async function patchRecord(
  path: string,
  id: string,
  changes: Record<string, unknown>,
): Promise<StoredRecord> {
  return OneRecord.parse(await request({ method: 'PATCH', path: `${path}/${id}`, body: changes })).data
}

/**
 * Changes a record only if it is still as the person saw it. Lists carry no entity tags, so the record is read for its
 * own: when it is the one that was shown, If-Match lets the change through at that version alone.
 */
export async function patchAsSeen(
  path: string,
  seen: StoredRecord,
  changes: Record<string, unknown>,
): Promise<'stored' | 'changed meanwhile'> {
  const url = apiUrl(`${path}/${seen.id}`)
  const read = await sessionFetch(url, { headers: { Accept: 'application/json' } })
  if (!read.ok) throw await readProblem(read)
  const current = OneRecord.parse(await read.json()).data
  if (current.updatedAt !== seen.updatedAt) return 'changed meanwhile'
  const tag = read.headers.get('ETag')
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
  const written = await sessionFetch(url, {
    method: 'PATCH',
    headers: tag === null ? headers : { ...headers, 'If-Match': tag },
    body: JSON.stringify(changes),
  })
  if (written.status === 412) return 'changed meanwhile'
  if (!written.ok) throw await readProblem(written)
  return 'stored'
}

/** The runtime takes so many in one request. */
const deletedAtOnceMax = 1_000

/** Deletes several; each request is all or nothing. */
export async function deleteRecords(path: string, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += deletedAtOnceMax) {
    await request({ method: 'DELETE', path, body: { ids: ids.slice(from, from + deletedAtOnceMax) } })
  }
}

export async function deleteRecord(path: string, id: string): Promise<void> {
  await request({ method: 'DELETE', path: `${path}/${id}` })
}
