import type { ConnectionConfig } from '@holdfast/database/client'
import { type ArchiveEntry, BackupFileError, type BackupManifest } from '../archive/format.ts'
import { createRowFacts } from '../dump/rows.ts'
import { restore } from './service.ts'

export interface VerifyNeeds {
  entries: AsyncIterable<ArchiveEntry>
  /** An empty database that is thrown away. */
  connection: ConnectionConfig
  migrationsDirectory: string
  signal: AbortSignal
  progress(tablesDone: number, tables: number): void
}

/**
 * Restores a backup into an empty database and compares every table there, read back, with what was saved. Answers how
 * many rows that was. Throws BackupFileError when it could not be restored, or came out differently.
 */
export async function verifyByRestoring(needs: VerifyNeeds): Promise<{ tables: number; rows: number }> {
  let rows = 0
  const header = await restore({
    ...needs,
    admit: async () => undefined,
    async settle({ tables }, session, manifest) {
      for (const [index, table] of tables.entries()) {
        needs.signal.throwIfAborted()
        const expected = expectedOf(manifest, index)
        // A table of jobs that never came is not there to be read.
        if (table.kind === 'jobs' && expected.rows === 0) continue
        const counted = createRowFacts()
        for await (const chunk of session.rowsOf(table)) counted.push(chunk)
        const found = counted.facts()
        if (found.rows !== expected.rows || found.fingerprint !== expected.fingerprint)
          throw new BackupFileError(
            `The backup does not come out as it went in: ${table.name} has ${found.rows} rows of ${expected.rows}.`,
          )
        rows += found.rows
      }
    },
  })
  return { tables: header.tables.length, rows }
}

function expectedOf(manifest: BackupManifest, index: number) {
  const expected = manifest.tables[index]
  if (expected === undefined)
    throw new BackupFileError('This backup is damaged: its list of tables is short.')
  return expected
}
