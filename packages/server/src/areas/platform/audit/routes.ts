import { success } from '@holdfast/contracts/kit/answer'
import { listAudit } from '@holdfast/contracts/platform/audit'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { AuditReader } from './reader.ts'

export function bindAudit(reader: AuditReader): BoundRoute[] {
  return [
    handle(listAudit, async (ctx, { query }) => {
      const { entries, total, nextCursor } = await reader.list(ctx, query)
      const meta = { limit: query.limit, offset: query.offset ?? 0, total }
      return { ...success(entries), meta, next_cursor: nextCursor }
    }),
  ]
}
