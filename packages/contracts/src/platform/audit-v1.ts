import { z } from 'zod'
import { offsetPage, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { stream } from '../kit/media.ts'
import { route } from '../kit/route.ts'
import { auditFilters } from './audit.ts'

/** The audit trail in the words of reference 004. */
export const AuditLogV1 = z
  .object({
    id: Id,
    organization_id: Id.nullable(),
    user_id: Id.nullable(),
    actor: z.string(),
    action: z.string(),
    resource_type: z.string(),
    resource_id: z.string().nullable(),
    result: z.string(),
    ip_address: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    created_at: Timestamp,
  })
  .meta({ id: 'AuditLogV1' })
export type AuditLogV1 = z.output<typeof AuditLogV1>

export const listAuditLogsV1 = route({
  id: 'v1.admin.listAuditLogs',
  method: 'GET',
  path: '/v1/admin/audit-logs',
  summary: 'List audit logs, newest first',
  access: { admin: true },
  query: z.object({
    ...auditFilters,
    limit: z.coerce.number().int().min(1).max(500).default(50),
    offset: z.coerce.number().int().min(0).max(100_000).default(0),
  }),
  answers: { 200: offsetPage(AuditLogV1) },
})

export const exportAuditLogsV1 = route({
  id: 'v1.admin.exportAuditLogs',
  method: 'GET',
  path: '/v1/admin/audit-logs/export',
  summary: 'Export audit logs as a table or as JSON',
  access: { admin: true },
  query: z.object({ ...auditFilters, format: z.enum(['csv', 'json']).default('csv') }),
  answers: { 200: stream('text/csv', 'application/json') },
})

export const auditV1Routes = [listAuditLogsV1, exportAuditLogsV1] as const
