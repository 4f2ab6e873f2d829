import { createHash } from 'node:crypto'
import type { ConnectionConfig } from '@holdfast/database/client'
import {
  type ArchiveEntry,
  type BackupHeader,
  type BackupManifest,
  headerName,
  manifestName,
  pieceName,
  pieceSizeBytes,
  type TableFacts,
} from '../archive/format.ts'
import { skippedTables } from '../rules.ts'
import { jobColumns, openSnapshot, type Snapshot, type SnapshotTable } from './repo.ts'
import { createRowFacts } from './rows.ts'

export interface DumpNeeds {
  connection: ConnectionConfig
  id: string
  createdAt: Date
  productVersion: string
  masterKeyId: string
  signal: AbortSignal
  /** Called after every piece. */
  progress(tablesDone: number, tables: number): void
}

/** Everything that a backup holds, from one moment of the database. See archive/format.ts. */
export async function* dump(needs: DumpNeeds): AsyncGenerator<ArchiveEntry> {
  const snapshot = await openSnapshot(needs.connection)
  try {
    const tables = await tablesOf(snapshot)
    const header: BackupHeader = {
      format: 'holdfast-backup',
      formatVersion: 1,
      id: needs.id,
      createdAt: needs.createdAt.toISOString(),
      productVersion: needs.productVersion,
      postgresVersion: await snapshot.version(),
      masterKeyId: needs.masterKeyId,
      migrations: await snapshot.migrations(),
      definitions: await snapshot.definitions(),
      tables: tables.map(({ kind, schema, name, columns }) => ({ kind, schema, name, columns })),
      hasSqlAccess: await snapshot.hasSqlAccess(),
    }
    const headerEntry = jsonEntry(headerName, header)
    yield headerEntry
    const organizations = await snapshot.organizations()
    const facts: TableFacts[] = []
    for (const [index, table] of tables.entries()) {
      const counted = createRowFacts()
      for await (const entry of piecesOf(index, snapshot.rows(table, organizations), counted.push)) {
        needs.signal.throwIfAborted()
        yield entry
        needs.progress(index, tables.length)
      }
      facts.push(counted.facts())
      needs.progress(index + 1, tables.length)
    }
    const manifest: BackupManifest = {
      headerSha256: sha256(headerEntry.content),
      tables: facts,
      sequences: await snapshot.sequences(),
    }
    yield jsonEntry(manifestName, manifest)
  } finally {
    await snapshot.close()
  }
}

async function tablesOf(snapshot: Snapshot): Promise<SnapshotTable[]> {
  const tables = await snapshot.tables(skippedTables)
  if (!(await snapshot.hasJobs())) return tables
  return [...tables, { kind: 'jobs', schema: '', name: 'jobs', columns: jobColumns, isGuarded: false }]
}

/** Cuts a table into pieces whose size is known, which is what a tar needs. */
async function* piecesOf(
  table: number,
  rows: AsyncIterable<Buffer>,
  seen: (chunk: Buffer) => void,
): AsyncGenerator<ArchiveEntry> {
  let chunks: Buffer[] = []
  let sizeBytes = 0
  let piece = 0
  for await (const chunk of rows) {
    seen(chunk)
    chunks.push(chunk)
    sizeBytes += chunk.length
    if (sizeBytes < pieceSizeBytes) continue
    yield { name: pieceName(table, piece), content: Buffer.concat(chunks) }
    piece += 1
    chunks = []
    sizeBytes = 0
  }
  if (sizeBytes > 0) yield { name: pieceName(table, piece), content: Buffer.concat(chunks) }
}

function jsonEntry(name: string, value: object): ArchiveEntry {
  return { name, content: Buffer.from(JSON.stringify(value, null, 1)) }
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
