import type { InfiniteData } from '@tanstack/react-query'
import type { RecordList, StoredRecord } from './api.ts'
import { referenceId } from './labels.ts'

export type RecordChange =
  | { kind: 'saved'; isNew: boolean; record: StoredRecord }
  | { kind: 'deleted'; id: string }
  | { kind: 'reset' }

export type LoadedRecords = InfiniteData<RecordList, string | null>

/**
 * The loaded parts of a list after changes; the same object when none of them shows here. Null when only the server can
 * tell: a filtered or sorted view may gain or lose a record by any change.
 */
export function applyChanges(
  loaded: LoadedRecords,
  changes: readonly RecordChange[],
  isPlain: boolean,
): LoadedRecords | null {
  let next = loaded
  for (const change of changes) {
    if (change.kind === 'reset') return null
    const id = change.kind === 'saved' ? change.record.id : change.id
    const isShown = next.pages.some((page) => page.data.some((record) => record.id === id))
    if (change.kind === 'saved' && isShown && isPlain) next = replaceRecord(next, change.record)
    else if (change.kind === 'saved' && change.isNew && isPlain) next = addRecord(next, change.record)
    else if (change.kind === 'deleted' && isPlain) next = removeRecord(next, id)
    else if (!isPlain) return null
  }
  return next
}

/** Puts a record in the place of its older self; references that still point the same way keep their names. */
export function replaceRecord(loaded: LoadedRecords, record: StoredRecord): LoadedRecords {
  return mapRecords(loaded, (known) => (known.id === record.id ? keepReferences(record, known) : known))
}

function keepReferences(record: StoredRecord, known: StoredRecord): StoredRecord {
  return {
    ...record,
    ...Object.fromEntries(
      Object.entries(known).filter(([name, value]) => {
        const isPopulated = typeof value === 'object' && value !== null && !Array.isArray(value)
        return isPopulated && typeof record[name] === 'string' && referenceId(value) === record[name]
      }),
    ),
  }
}

function addRecord(loaded: LoadedRecords, record: StoredRecord): LoadedRecords {
  const withTotal = changeTotal(loaded, 1)
  const [first, ...rest] = withTotal.pages
  return first ? { ...withTotal, pages: [{ ...first, data: [record, ...first.data] }, ...rest] } : loaded
}

function removeRecord(loaded: LoadedRecords, id: string): LoadedRecords {
  const less = changeTotal(loaded, -1)
  return {
    ...less,
    pages: less.pages.map((page) => ({ ...page, data: page.data.filter((one) => one.id !== id) })),
  }
}

function changeTotal(loaded: LoadedRecords, by: number): LoadedRecords {
  return {
    ...loaded,
    pages: loaded.pages.map((page) => ({ ...page, meta: { ...page.meta, total: page.meta.total + by } })),
  }
}

function mapRecords(loaded: LoadedRecords, change: (record: StoredRecord) => StoredRecord): LoadedRecords {
  return { ...loaded, pages: loaded.pages.map((page) => ({ ...page, data: page.data.map(change) })) }
}
