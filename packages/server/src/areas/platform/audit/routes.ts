import { success } from '@holdfast/contracts/kit/answer'
import { listAudit } from '@holdfast/contracts/platform/audit'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { AuditTrail } from './trail/service.ts'

export function bindAudit(trail: AuditTrail): BoundRoute[] {
  return [
    handle(listAudit, async (ctx, { query }) => {
      const { entries, total, nextCursor } = await trail.list(ctx, query)
      const meta = { limit: query.limit, offset: query.offset ?? 0, total }
      return { ...success(entries), meta, next_cursor: nextCursor }
    }),
  ]
}
