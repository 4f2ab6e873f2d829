import type { ActivitySource } from '@holdfast/contracts/platform/activity'
import {
  ActivityRow,
  activitySources,
  getActivity,
  listActivity,
} from '@holdfast/contracts/platform/activity'
import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { client } from '../../lib/client.ts'
import { type StreamState, useEvents } from '../../lib/events.ts'

/** What the address of the page says about the list. */
export interface ActivityView {
  page: number
  limit: number
  search?: string | undefined
  action?: string | undefined
  source?: ActivitySource | undefined
  status?: 'ok' | 'failed' | undefined
  userId?: string | undefined
  endpointId?: string | undefined
  since?: string | undefined
  cursor?: string | undefined
}

/** The stream brings new rows at once; the total, and what clearing takes away, are asked for now and then. */
const refreshEveryMs = 15_000
/** Rows are gathered this long before they are shown: a busy log must not redraw the table for each of its rows. */
const gatherMs = 250

export const activityQuery = (view: ActivityView) =>
  queryOptions({
    queryKey: ['activity', view],
    queryFn: ({ signal }) => client.call(listActivity, { query: view }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEveryMs,
  })

export const activityRowQuery = (id: string) =>
  queryOptions({
    queryKey: ['activity', 'one', id],
    queryFn: async ({ signal }) => (await client.call(getActivity, { params: { id } }, { signal })).data,
  })

export function sourceNamed(text: string | undefined): ActivitySource | undefined {
  return activitySources.find((source) => source === text)
}

/** Puts new rows on top of the list as they are written; does nothing while `isOn` is false. */
export function useActivityTail(view: ActivityView, isOn: boolean): StreamState {
  const queries = useQueryClient()
  const waiting = useRef<ActivityRow[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const show = useEffectEvent(() => {
    timer.current = undefined
    const fresh = waiting.current.splice(0)
    queries.setQueryData(activityQuery(view).queryKey, (known) => {
      if (known === undefined) return known
      const there = new Set(known.data.map(({ id }) => id))
      const added = fresh.filter(({ id }) => !there.has(id))
      const rows = [...added, ...known.data].toSorted((one, other) => (one.id < other.id ? 1 : -1))
      const meta = { ...known.meta, total: known.meta.total + added.length }
      return { ...known, data: rows.slice(0, view.limit), meta }
    })
  })
  useEffect(() => () => clearTimeout(timer.current), [])

  return useEvents(isOn ? `/api/dashboard/logs/live${filtersOf(view)}` : null, {
    types: ['activity'],
    onEvent: ({ type, data }) => {
      const row = type === 'activity' ? ActivityRow.safeParse(data) : undefined
      if (row?.success !== true) return
      waiting.current.push(row.data)
      timer.current ??= setTimeout(() => show(), gatherMs)
    },
  })
}

function filtersOf({ search, action, source, status, userId, endpointId }: ActivityView): string {
  const query = new URLSearchParams(
    Object.entries({ search, action, source, status, userId, endpointId }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
  return query.size === 0 ? '' : `?${query}`
}
