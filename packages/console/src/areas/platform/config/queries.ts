import { type ConfigEntry, getConfig, listConfigHistory } from '@holdfast/contracts/platform/config'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client } from '../../../lib/client.ts'
import type { Tone } from '../../../ui/badge.tsx'

export const configQuery = queryOptions({
  queryKey: ['config', 'document'],
  queryFn: async ({ signal }) => (await client.call(getConfig, {}, { signal })).meta,
})

const historyPageSize = 20

/** Newest first. */
export const historyQuery = (key: string) =>
  infiniteQueryOptions({
    queryKey: ['config', 'history', key],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        listConfigHistory,
        { params: { key }, query: { limit: historyPageSize, ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

/** Where a value comes from. */
export const sourceWords: Record<ConfigEntry['source'], { label: string; tone: Tone }> = {
  default: { label: 'Default', tone: 'neutral' },
  stored: { label: 'Changed here', tone: 'accent' },
  environment: { label: 'Environment', tone: 'info' },
}
export const sourceOptions = Object.entries(sourceWords).map(([value, { label }]) => ({ value, label }))

export const kindOptions = [
  { value: 'setting', label: 'Settings' },
  { value: 'free', label: 'Own keys' },
  { value: 'environment', label: 'Environment variables' },
]

/** A value as one line of text. A secret is only said to be there. */
export function textOf(value: unknown, isSensitive: boolean, hasValue = true): string {
  if (isSensitive) return hasValue ? '••••••••' : '–'
  if (value === null || value === '') return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
