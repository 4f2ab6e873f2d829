import type { Context } from '../../../context.ts'

/** Which part of a list; `limit` is one more than is shown, to see whether something follows. */
export interface ListFilter {
  limit: number
  cursor?: string | undefined
  search?: string | undefined
}

/** What a tenant has of one kind, in the tenant's transaction: for modules that write several kinds at once. */
export interface ItemStore<Item> {
  list(ctx: Context, filter: ListFilter): Promise<Item[]>
  save(ctx: Context, items: readonly Item[]): Promise<void>
  remove(ctx: Context, ids: readonly string[], at: Date): Promise<void>
}
