import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { type StreamState, useEvents } from '../../../lib/events.ts'
import { type RecordList, StoredRecord } from './api.ts'
import type { Collection } from './collection.ts'
import { applyChanges, type RecordChange } from './live-changes.ts'
import { recordsKey, recordsQuery } from './use-records.ts'
import { isPlainView, type RecordsView } from './view.ts'

/** Changes are gathered this long before they are shown: an import must not redraw the grid for each of its rows. */
const gatherMs = 300
/** More than this at once is not followed row by row; the list is read again. */
const followedMax = 50

export interface LiveRecords {
  state: StreamState
  /** Ids of rows that have just changed, for a quiet flash; a new set with every batch. */
  changed: ReadonlySet<string>
}

/** Keeps a view of records as others change them: in place where that is exact, by reading again where it is not. */
export function useLiveRecords(collection: Collection, view: RecordsView): LiveRecords {
  const queries = useQueryClient()
  const waiting = useRef<RecordChange[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())

  const flush = useEffectEvent(() => {
    timer.current = undefined
    const changes = waiting.current.splice(0)
    const readAgain = () => void queries.invalidateQueries({ queryKey: recordsKey(collection.path) })
    if (changes.length > followedMax || changes.some((change) => change.kind === 'reset')) {
      readAgain()
      return
    }
    const { queryKey } = recordsQuery(collection, view)
    const known = queries.getQueryData<InfiniteData<RecordList, string | null>>(queryKey)
    const next = known && applyChanges(known, changes, isPlainView(view))
    if (!next) readAgain()
    else if (next !== known) queries.setQueryData(queryKey, next)
    setChanged(new Set(changes.flatMap((change) => (change.kind === 'saved' ? [change.record.id] : []))))
  })

  const state = useEvents(collection.by.GET ? collection.path : null, {
    types: ['created', 'updated', 'deleted', 'reset'],
    onEvent: ({ type, data }) => {
      const change = readChange(type, data)
      if (!change) return
      waiting.current.push(change)
      timer.current ??= setTimeout(() => flush(), gatherMs)
    },
  })
  useEffect(() => () => clearTimeout(timer.current), [])
  return { state, changed }
}

function readChange(type: string, data: unknown): RecordChange | null {
  if (type === 'reset') return { kind: 'reset' }
  if (type === 'deleted') {
    const id = typeof data === 'object' && data !== null && 'id' in data ? data.id : undefined
    return typeof id === 'string' ? { kind: 'deleted', id } : null
  }
  if (type !== 'created' && type !== 'updated') return null
  const record = StoredRecord.safeParse(data)
  return record.success ? { kind: 'saved', isNew: type === 'created', record: record.data } : null
}
