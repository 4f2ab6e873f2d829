import type { AuditExportFormat, AuditFilters } from '@holdfast/contracts/platform/audit'
import type { StreamedBody } from '@holdfast/contracts/kit/media'
import { stringify } from 'csv-stringify/sync'
import type { Context } from '../../../../context.ts'
import { safeCell } from '../../../../spreadsheet.ts'
import type { StoredEntry } from '../repo.ts'
import type { AuditTrailRepo } from '../trail/repo.ts'
import { lineOf } from './lines.ts'

/** Export of the trail: oldest first, chain by chain, as fast as the client takes it and a batch in memory at a time. */
export interface AuditExports {
  open(ctx: Context, format: AuditExportFormat | 'json', filters: AuditFilters): StreamedBody
}

const columns = [
  'occurredAt',
  'chainId',
  'sequence',
  'id',
  'actorKind',
  'actorId',
  'actorName',
  'action',
  'targetType',
  'targetId',
  'result',
  'requestId',
  'ip',
  'details',
] as const satisfies (keyof StoredEntry)[]

type Batches = AsyncIterable<readonly StoredEntry[]>

const formats = {
  csv: { contentType: 'text/csv; charset=utf-8', write: table },
  ndjson: { contentType: 'application/x-ndjson', write: lines },
  json: { contentType: 'application/json', write: list },
} as const

export function createAuditExports({ repo }: { repo: Pick<AuditTrailRepo, 'readAll'> }): AuditExports {
  return {
    open(ctx, format, filters) {
      const { contentType, write } = formats[format]
      return { contentType, fileName: `audit.${format}`, body: write(repo.readAll(ctx, filters)) }
    },
  }
}

async function* table(batches: Batches): AsyncGenerator<string> {
  yield stringify([[...columns, 'hash']])
  for await (const batch of batches)
    yield stringify(
      batch.map((entry) => [...columns.map((name) => cellOf(entry[name])), entry.hash.toString('hex')]),
    )
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return safeCell(typeof value === 'string' ? value : JSON.stringify(value))
}

async function* lines(batches: Batches): AsyncGenerator<string> {
  for await (const batch of batches) yield batch.map(lineOf).join('')
}

async function* list(batches: Batches): AsyncGenerator<string> {
  let separator = '[\n'
  for await (const batch of batches) {
    yield separator + batch.map((entry) => lineOf(entry).trimEnd()).join(',\n')
    separator = ',\n'
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}
