import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { fetchRecords } from './api.ts'
import type { Collection } from './collection.ts'
import type { RecordsView } from './view.ts'

/** The key under which every view of a collection is kept. */
export const recordsKey = (path: string) => ['records', path] as const

/** The reference fields that a list brings along, so that it shows names instead of ids. */
export function populatedFields(collection: Collection): string[] {
  return collection.fields.filter((field) => field.type === 'reference').map((field) => field.name)
}

/** A view of a collection, part by part behind its cursor. */
export const recordsQuery = (collection: Collection, view: RecordsView) =>
  infiniteQueryOptions({
    queryKey: [...recordsKey(collection.path), 'list', view],
    queryFn: ({ pageParam, signal }) =>
      fetchRecords({
        path: collection.path,
        view,
        populate: populatedFields(collection),
        cursor: pageParam,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.meta.nextCursor ?? null,
    placeholderData: keepPreviousData,
  })
