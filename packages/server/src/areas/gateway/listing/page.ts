import { tenantItemsMax } from '@holdfast/contracts/gateway/shared'
import { Reply } from '../../../http/handle.ts'
import type { ListFilter } from './store.ts'

type Wanted = Partial<Omit<ListFilter, 'limit'>> & { limit?: number | undefined }

/** A bare array; when more follows than was asked for, `X-Next-Cursor` says where. */
export async function pageOf<T extends { id: string }, Q extends Wanted>(
  query: Q,
  list: (filter: Q & ListFilter) => Promise<T[]>,
): Promise<Reply<T[]>> {
  const limit = query.limit ?? tenantItemsMax
  const found = await list({ ...query, limit: limit + 1 })
  const shown = found.slice(0, limit)
  const last = found.length > limit ? shown.at(-1) : undefined
  return new Reply(shown, { headers: last === undefined ? {} : { 'x-next-cursor': last.id } })
}
