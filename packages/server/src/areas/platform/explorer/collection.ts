import type { CollectionSummary, RawDocument } from '@holdfast/contracts/platform/explorer'
import type { Permission } from '@holdfast/contracts/permissions'
import type { Context } from '../../../context.ts'

export interface DocumentQuery {
  limit: number
  offset: number
  /** An id, or part of a text; empty for everything. */
  search: string
}

/**
 * One collection of the explorer. What changes goes through the module that owns it: its rules hold, its events are sent,
 * and its audit entry is the one that the route promises.
 */
export interface DocumentCollection {
  label: string
  description: string
  /** What a change needs besides manage_users: any of these. Empty: nothing. */
  writers: readonly Permission[]
  operations: CollectionSummary['operations']
  count(ctx: Context): Promise<number>
  /** Newest first. */
  list(ctx: Context, query: DocumentQuery): Promise<{ documents: RawDocument[]; total: number }>
  find(ctx: Context, id: string): Promise<RawDocument | null>
  /** Answers the id. */
  create?(ctx: Context, body: Record<string, unknown>): Promise<string>
  update?(ctx: Context, id: string, body: Record<string, unknown>): Promise<void>
  remove?(ctx: Context, id: string): Promise<void>
  /** Answers how many documents are gone. */
  clear?(ctx: Context): Promise<number>
}
