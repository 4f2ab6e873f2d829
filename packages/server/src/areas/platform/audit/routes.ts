import { success } from '@holdfast/contracts/kit/answer'
import {
  type AuditEntry,
  exportAudit,
  getAuditEntry,
  listAudit,
  listAuditCheckpoints,
  listAuditVerdicts,
  verifyAudit,
} from '@holdfast/contracts/platform/audit'
import { type AuditLogV1, exportAuditLogsV1, listAuditLogsV1 } from '@holdfast/contracts/platform/audit-v1'
import { type BoundRoute, handle, Reply } from '../../../http/handle.ts'
import type { Checkpoints } from './checkpoints/service.ts'
import type { AuditExports } from './export/service.ts'
import type { AuditKeys } from './keys/service.ts'
import type { Shipping } from './shipping/service.ts'
import type { AuditTrail } from './trail/service.ts'
import type { Verification } from './verification/service.ts'

export function bindAudit(audit: {
  trail: AuditTrail
  exports: AuditExports
  verification: Pick<Verification, 'verify' | 'latest'>
  checkpoints: Pick<Checkpoints, 'list'>
  keys: Pick<AuditKeys, 'signer' | 'trusted'>
  shipping: Pick<Shipping, 'targets'>
}): BoundRoute[] {
  const { trail, exports, verification, checkpoints, keys, shipping } = audit
  return [
    handle(listAudit, async (ctx, { query }) => {
      const { entries, total, nextCursor } = await trail.list(ctx, query)
      const meta = { limit: query.limit, offset: query.offset ?? 0, total }
      return { ...success(entries), meta, next_cursor: nextCursor }
    }),
    handle(exportAudit, async (ctx, { query: { format, ...filters } }) => exports.open(ctx, format, filters)),
    handle(verifyAudit, async (ctx) => {
      const verdict = await verification.verify(ctx)
      return 'kind' in verdict ? new Reply(success(verdict), { status: 202 }) : verdict
    }),
    handle(listAuditVerdicts, async (ctx) => success(await verification.latest(ctx))),
    handle(listAuditCheckpoints, async (ctx, { query }) => {
      const { keyId, publicKey } = keys.signer()
      const list = await checkpoints.list(ctx, query.limit)
      const shippedTo = [...shipping.targets]
      return success({ keyId, publicKey, keys: await keys.trusted(ctx), shippedTo, checkpoints: list })
    }),
    handle(getAuditEntry, async (ctx, { params }) => success(await trail.get(ctx, params.id))),

    handle(listAuditLogsV1, async (ctx, { query }) => {
      const { entries, total } = await trail.list(ctx, query)
      return { data: entries.map(inV1), total, limit: query.limit, offset: query.offset }
    }),
    handle(exportAuditLogsV1, async (ctx, { query: { format, ...filters } }) =>
      exports.open(ctx, format, filters),
    ),
  ]
}

function inV1(entry: AuditEntry): AuditLogV1 {
  return {
    id: entry.id,
    organization_id: entry.organizationId,
    user_id: entry.actorId,
    actor: entry.actor,
    action: entry.action,
    resource_type: entry.targetType,
    resource_id: entry.targetId,
    result: entry.result,
    ip_address: entry.ip,
    metadata: entry.details,
    created_at: entry.at,
  }
}
