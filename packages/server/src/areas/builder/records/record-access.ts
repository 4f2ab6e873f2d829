import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Clock } from '@holdfast/kernel/clock'
import type { Collection } from '../model.ts'
import { deleteRecords, type Replacement, selectExisting, updateRecords } from './repo/cold-statements.ts'
import { createGather } from './gather.ts'
import {
  type CreateTarget,
  insertRecords,
  type ListPage,
  type NewRecord,
  selectByIds,
  selectPage,
  selectPages,
  type StoredRecord,
} from './repo/hot-statements.ts'
import type { Lane, Lanes } from './repo/lanes.ts'
import { writeRefusal } from './repo/write-refusal.ts'

/** Records of a collection, without regard to who asks. Reads and creates of one moment share a statement. */
export interface RecordAccess {
  find(collection: Collection, id: string): Promise<StoredRecord | null>
  findMany(collection: Collection, ids: readonly string[]): Promise<Map<string, StoredRecord>>
  existing(collection: Collection, ids: readonly string[]): Promise<Set<string>>
  /** `key` is the same object for the same page: equal pages asked for at one moment are read once. */
  page(key: PageKey): Promise<ListPage>
  /** Durable when it answers; the answer is when it was created. Throws records.value_taken. */
  create(target: CreateTarget, record: NewRecord): Promise<string>
  /** As `create`, inside the transaction that the caller has open on `lane`. */
  createOn(lane: Lane, target: CreateTarget, record: NewRecord): Promise<string>
  /** Null when the record is gone or at another version. Throws records.value_taken. */
  update(collection: Collection, replacement: Replacement): Promise<StoredRecord | null>
  /** False when it was not there, or not at `version`. */
  remove(collection: Collection, id: string, version: number | null): Promise<boolean>
}

export interface PageKey {
  collection: Collection
  offset: number
  limit: number
}

export interface RecordAccessNeeds {
  reads: Lanes
  writes: Lanes
  clock: Clock
  /** Called after every write that committed. */
  onWrite(collection: Pick<Collection, 'id'>): void
}

/** Reads of one statement at most; more gather into the next. */
const readsMax = 256
const createsMax = 256
/** Pages that begin this far or nearer share a walk along the index; one that begins farther would hold up the others. */
const nearMax = 5_000
/** Characters of records in one statement; far below what one text may hold. */
const createsLengthMax = 4 * 1024 * 1024

export function createRecordAccess({ reads, writes, clock, onWrite }: RecordAccessNeeds): RecordAccess {
  const now = () => clock.now().toISOString()

  const byId = createGather(
    reads,
    { itemsMax: readsMax },
    async (lane, collection: Collection, ids: string[]) => {
      const found = await selectInParts(lane, collection, ids, now())
      return ids.map((id) => found.get(id) ?? null)
    },
  )
  const pages = createGather(
    reads,
    { itemsMax: readsMax },
    async (lane, collection: Collection, keys: PageKey[]) => {
      const found = await selectTogether(lane, collection, [...new Set(keys)], now())
      return keys.map((key) => found.get(key) ?? { total: 0, records: [] })
    },
  )
  const farPages = createGather(reads, { itemsMax: readsMax }, async (lane, key: PageKey, askers: null[]) => {
    const page = await selectPage(lane, key.collection, key, now())
    return askers.map(() => page)
  })
  const creates = createGather(
    writes,
    {
      itemsMax: createsMax,
      weigh: ({ body }: NewRecord) => body.length,
      weightMax: createsLengthMax,
    },
    async (lane, target: CreateTarget, records: NewRecord[]) => {
      const results = await insertTogether(lane, target, records, clock)
      onWrite(target.collection)
      return results
    },
  )

  async function write<T>(collection: Collection, work: (lane: Lane) => Promise<T>): Promise<T> {
    const result = await writes.use(work).catch((error: unknown) => {
      throw writeRefusal(error) ?? error
    })
    onWrite(collection)
    return result
  }

  return {
    find: (collection, id) => byId.add(collection, id),
    findMany: (collection, ids) => reads.use((lane) => selectByIds(lane, collection, ids, now())),
    existing: (collection, ids) => reads.use((lane) => selectExisting(lane, collection, ids, now())),
    page: (key) => (key.offset <= nearMax ? pages.add(key.collection, key) : farPages.add(key, null)),
    create: (target, record) => creates.add(target, record),
    async createOn(lane, target, record) {
      const at = clock.now()
      try {
        await insertRecords(lane, target, [record], at)
      } catch (error) {
        throw writeRefusal(error) ?? error
      }
      return at.toISOString()
    },
    async update(collection, replacement) {
      const updated = await write(collection, (lane) => updateRecords(lane, collection, [replacement], now()))
      return updated.get(replacement.id) ?? null
    },
    async remove(collection, id, version) {
      const removed = await write(collection, (lane) => deleteRecords(lane, collection, [id], now(), version))
      return removed.has(id)
    },
  }
}

/** Callers that know nothing of each other must not fail together: what is too large at once is read in halves. */
async function selectInParts(
  lane: Lane,
  collection: Collection,
  ids: readonly string[],
  now: string,
): Promise<Map<string, StoredRecord>> {
  try {
    return await selectByIds(lane, collection, ids, now)
  } catch (error) {
    if (!isProblem(error, 'records.too_large_together') || ids.length === 1) throw error
  }
  const middle = Math.ceil(ids.length / 2)
  const first = await selectInParts(lane, collection, ids.slice(0, middle), now)
  return new Map([...first, ...(await selectInParts(lane, collection, ids.slice(middle), now))])
}

/** Pages of one length are read together; each is an error by itself when they are too large together. */
async function selectTogether(
  lane: Lane,
  collection: Collection,
  keys: readonly PageKey[],
  now: string,
): Promise<Map<PageKey, ListPage | Error>> {
  const found = new Map<PageKey, ListPage | Error>()
  for (const [limit, alike] of Map.groupBy(keys, (key) => key.limit)) {
    try {
      const [only] = alike
      if (only !== undefined && alike.length === 1) {
        found.set(only, await selectPage(lane, collection, only, now))
        continue
      }
      const offsets = alike.map(({ offset }) => offset)
      const pages = await selectPages(lane, collection, { offsets, limit }, now)
      for (const key of alike) found.set(key, pages.get(key.offset) ?? { total: 0, records: [] })
    } catch (error) {
      if (!isProblem(error, 'records.too_large_together')) throw error
      const [only] = alike
      if (only !== undefined && alike.length === 1) found.set(only, error)
      else
        for (const key of alike)
          for (const [one, page] of await selectTogether(lane, collection, [key], now)) found.set(one, page)
    }
  }
  return found
}

/** One statement for all; when it is refused, one for each, so that only the guilty ones fail. */
async function insertTogether(
  lane: Lane,
  target: CreateTarget,
  records: NewRecord[],
  clock: Clock,
): Promise<(string | Error)[]> {
  const at = clock.now()
  const iso = at.toISOString()
  try {
    await insertRecords(lane, target, records, at)
    return records.map(() => iso)
  } catch (error) {
    const refusal = writeRefusal(error)
    if (refusal === null) throw error
    if (records.length === 1) return [refusal]
  }
  const results: (string | Error)[] = []
  for (const record of records) {
    try {
      await insertRecords(lane, target, [record], at)
      results.push(iso)
    } catch (error) {
      results.push(writeRefusal(error) ?? (error instanceof Error ? error : new Error(String(error))))
    }
  }
  return results
}
