import { z } from 'zod'
import { ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { stream } from '../kit/media.ts'
import { route } from '../kit/route.ts'
import { Operation } from './operations.ts'

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
    /** `success`: an entry is written with its change, so what was refused or failed has none. */
    result: z.string(),
    requestId: z.string(),
    ip: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    /** SHA-256 in hexadecimal, of this entry's facts and of the hash before it. */
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.output<typeof AuditEntry>

/** What both references filter by. */
export const auditFilters = {
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
  result: z
    .string()
    .max(40)
    .optional()
    .describe(
      '`success` is what every entry has: the trail holds changes, and a refused one changed nothing.',
    ),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
} as const
const AuditFilters = z.object(auditFilters)
export type AuditFilters = z.output<typeof AuditFilters>

const AuditQuery = AuditFilters.extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(100_000).optional(),
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('`next_cursor` of the previous answer. Not together with offset.'),
})
export type AuditQuery = z.output<typeof AuditQuery>

export const auditExportFormats = ['csv', 'ndjson'] as const
export type AuditExportFormat = (typeof auditExportFormats)[number]

/** What was found when a chain was walked from its beginning. */
export const ChainVerdict = z
  .object({
    /** Null for the platform's chain. */
    organizationId: Id.nullable(),
    valid: z.boolean(),
    /** Entries that were read and are whole. */
    entries: z.int(),
    /** How many older ones were sealed, exported and removed. */
    sealed: z.int(),
    head_hash: z.string(),
    /** Signed heads that this chain was compared with. */
    checkpoints: z.int(),
    first_invalid_seq: z.int().nullable(),
    fault: z.enum(['edited', 'removed', 'rewritten', 'cut']).nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'AuditChainVerdict' })
export type ChainVerdict = z.output<typeof ChainVerdict>

export const AuditVerdict = z
  .object({
    valid: z.boolean(),
    entries: z.int(),
    /** Of the platform's chain. */
    head_hash: z.string(),
    first_invalid_seq: z.int().nullable(),
    error: z.string().nullable(),
    verifiedAt: Timestamp,
    durationMs: z.number(),
    chains: z.array(ChainVerdict),
  })
  .meta({ id: 'AuditVerdict' })
export type AuditVerdict = z.output<typeof AuditVerdict>

export const AuditCheckpoint = z
  .object({
    organizationId: Id.nullable(),
    sequence: z.int(),
    hash: z.string(),
    at: Timestamp,
    /** First characters of the SHA-256 of the public key. */
    keyId: z.string(),
    /** Ed25519 (RFC 8032) over the canonical JSON of the fields above, base64. */
    signature: z.string(),
  })
  .meta({ id: 'AuditCheckpoint' })
export type AuditCheckpoint = z.output<typeof AuditCheckpoint>

const reading = { permission: 'view_audit' } as const

export const listAudit = route({
  id: 'audit.list',
  method: 'GET',
  path: '/api/audit',
  summary: 'List the audit trail, newest first',
  access: reading,
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

export const exportAudit = route({
  id: 'audit.export',
  method: 'GET',
  path: '/api/audit/export',
  summary: 'Export the audit trail as a table, or as lines that can be verified without this server',
  access: reading,
  query: AuditFilters.extend({ format: z.enum(auditExportFormats).default('csv') }),
  answers: { 200: stream('text/csv', 'application/x-ndjson') },
})

export const verifyAudit = route({
  id: 'audit.verify',
  method: 'GET',
  path: '/api/audit/verify',
  summary: 'Verify every chain; a long trail answers 202 with an operation to watch',
  access: reading,
  answers: { 200: AuditVerdict, 202: ok(Operation) },
})

export const listAuditVerdicts = route({
  id: 'audit.listVerdicts',
  method: 'GET',
  path: '/api/audit/verifications',
  summary: 'List the latest verifications, newest first',
  access: reading,
  answers: { 200: ok(z.array(AuditVerdict)) },
})

export const listAuditCheckpoints = route({
  id: 'audit.listCheckpoints',
  method: 'GET',
  path: '/api/audit/checkpoints',
  summary: 'List signed heads of the chains, newest first, with the key to check them',
  access: reading,
  query: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
  answers: {
    200: ok(
      z.object({
        /** Of this server, SubjectPublicKeyInfo in PEM. */
        publicKey: z.string(),
        keyId: z.string(),
        /** Of every server of this database: each signs with a key of its own unless they are given one. */
        keys: z.array(z.object({ keyId: z.string(), publicKey: z.string() })),
        /** Where checkpoints are sent, beside this server. */
        shippedTo: z.array(z.string()),
        checkpoints: z.array(AuditCheckpoint),
      }),
    ),
  },
})

export const getAuditEntry = route({
  id: 'audit.get',
  method: 'GET',
  path: '/api/audit/{id}',
  summary: 'Get one audit entry',
  access: reading,
  params: z.object({ id: Id }),
  answers: { 200: ok(AuditEntry) },
  problems: ['audit.not_found'],
})

export const auditRoutes = [
  listAudit,
  exportAudit,
  verifyAudit,
  listAuditVerdicts,
  listAuditCheckpoints,
  getAuditEntry,
] as const
