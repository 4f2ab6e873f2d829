import { z } from 'zod'
import { ok } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { stream, upload } from '../kit/media.ts'
import { route } from '../kit/route.ts'
import { Operation } from '../platform/operations.ts'

export const transferFormats = ['ndjson', 'csv', 'json'] as const
export type TransferFormat = (typeof transferFormats)[number]

const params = z.object({ id: Id })

export const importRecords = route({
  id: 'records.import',
  method: 'POST',
  path: '/api/endpoints/{id}/import',
  summary: 'Import records from a file: NDJSON, CSV with a header, or one JSON list',
  access: { permission: 'manage_api' },
  audit: 'records.imported',
  params,
  body: upload('application/x-ndjson', 'text/csv', 'application/json'),
  /** Bounded by the disk alone. */
  bodySizeBytesMax: Number.MAX_SAFE_INTEGER,
  answers: { 202: ok(Operation) },
  problems: ['endpoints.not_found'],
})

export const exportRecords = route({
  id: 'records.export',
  method: 'GET',
  path: '/api/endpoints/{id}/export',
  summary: 'Export records as a file; takes the same filters as the list',
  access: { permission: 'manage_api' },
  params,
  query: z
    .object({
      format: z.enum(transferFormats, `must be one of ${transferFormats.join(', ')}`).default('ndjson'),
    })
    .loose(),
  answers: { 200: stream('application/x-ndjson', 'text/csv', 'application/json') },
  problems: ['endpoints.not_found', 'records.query_invalid'],
})

export const listImportRefusals = route({
  id: 'records.listImportRefusals',
  method: 'GET',
  path: '/api/endpoints/{id}/imports/{importId}/refusals',
  summary: 'Download what an import refused, with the reasons, as NDJSON',
  access: { permission: 'manage_api' },
  params: z.object({ id: Id, importId: Id }),
  answers: { 200: stream('application/x-ndjson') },
  problems: ['records.import_not_found'],
})

export const recordRoutes = [importRecords, exportRecords, listImportRefusals] as const
