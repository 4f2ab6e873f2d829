import type { AuditEntry, AuditQuery } from '@holdfast/contracts/platform/audit'
import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../../context.ts'
import { parseCursor, writeCursor } from './rules.ts'
import type { AuditTrailRepo } from './repo.ts'

export interface AuditPage {
  entries: AuditEntry[]
  /** Counts at most 10,000 when filters are set. */
  total: number
  nextCursor: string | null
}

/** Reading the audit trail: all chains together, newest first. */
export interface AuditTrail {
  /** Throws request.invalid for a cursor that is none, or one beside an offset. */
  list(ctx: Context, query: AuditQuery): Promise<AuditPage>
  /** Throws audit.not_found. */
  get(ctx: Context, id: string): Promise<AuditEntry>
}

export function createAuditTrail({ repo }: { repo: AuditTrailRepo }): AuditTrail {
  return {
    async get(ctx, id) {
      const entry = await repo.find(ctx, id)
      if (entry === undefined) throw problem('audit.not_found')
      return entry
    },

    async list(ctx, query) {
      if (query.cursor !== undefined && query.offset !== undefined) {
        throw invalid('query.offset', 'cannot be used together with cursor')
      }
      const after = query.cursor === undefined ? null : parseCursor(query.cursor)
      if (after === undefined) throw invalid('query.cursor', 'must be the next_cursor of an earlier answer')
      // One more than asked for tells whether there is a next page.
      const found = await repo.list(ctx, { ...query, limit: query.limit + 1 }, after)
      const entries = found.slice(0, query.limit)
      const last = entries.at(-1)
      const nextCursor = found.length > query.limit && last !== undefined ? writeCursor(last) : null
      return { entries, total: await repo.count(ctx, query), nextCursor }
    },
  }
}

function invalid(path: string, message: string) {
  return problem('request.invalid', { details: [{ path, message }] })
}
