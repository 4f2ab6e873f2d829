import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'

export const AuditEntry = z
  .object({
    id: Id,
    sequence: z.int(),
    /** The organization's chain, or null for the platform's. */
    organizationId: Id.nullable(),
    at: Timestamp,
    /** Login of the user, or the name of the part of the system. */
    actor: z.string(),
    actorId: Id.nullable(),
    actorKind: z.enum(['user', 'system', 'anonymous']),
    action: z.string(),
    targetType: z.string(),
    targetId: z.string().nullable(),
    result: z.string(),
    requestId: z.string(),
    ip: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    /** SHA-256 in hexadecimal. */
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.output<typeof AuditEntry>

const AuditQuery = z.object({
  actor: z.string().max(200).optional().describe('Id or login of who did it, or `system`.'),
  action: z
    .string()
    .max(500)
    .optional()
    .describe(
      'Actions separated by commas; a bare verb such as `create` matches the last part of any action.',
    ),
  target_type: z.string().max(100).optional(),
  target_id: z.string().max(200).optional(),
  result: z.string().max(40).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(100_000).optional(),
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('`next_cursor` of the previous answer. Not together with offset.'),
})
export type AuditQuery = z.output<typeof AuditQuery>

export const listAudit = route({
  id: 'audit.list',
  method: 'GET',
  path: '/api/audit',
  summary: 'List the audit trail, newest first',
  access: { permission: 'view_audit' },
  query: AuditQuery,
  answers: {
    200: z.object({
      success: z.literal(true),
      data: z.array(AuditEntry),
      meta: z.object({ limit: z.int(), offset: z.int(), total: z.int() }),
      next_cursor: z.string().nullable(),
    }),
  },
})

export const auditRoutes = [listAudit] as const
