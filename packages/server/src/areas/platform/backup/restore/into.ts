import type { ConnectionConfig } from '@holdfast/database/client'
import { type ArchiveEntry, BackupFileError, type BackupHeader } from '../archive/format.ts'
import { keptSchemaName } from '../rules.ts'
import { restore } from './service.ts'

export interface RestoreInto {
  entries: AsyncIterable<ArchiveEntry>
  connection: ConnectionConfig
  migrationsDirectory: string
  /** Names of the master keys of this installation. */
  masterKeyIds: readonly string[]
  /** Restore although the secrets in it will not open. */
  acceptOtherKey: boolean
  /** Take the place of a database that somebody has used. It is kept aside, never deleted. */
  replace: boolean
  at: Date
  signal: AbortSignal
  progress(tablesDone: number, tables: number): void
}

export interface Restored {
  header: BackupHeader
  /** The schema that keeps what was there before; null when nothing was. */
  keptAs: string | null
}

/**
 * Puts a backup in the place of the product's own database, in one transaction.
 * @throws BackupFileError when the backup cannot be used here; then nothing has changed.
 */
export async function restoreInto(options: RestoreInto): Promise<Restored> {
  const { masterKeyIds, acceptOtherKey, replace, at } = options
  let keptAs: string | null = null
  let listed: Record<string, unknown>[] = []
  const header = await restore({
    ...options,
    async admit({ masterKeyId }, session) {
      if (!masterKeyIds.includes(masterKeyId) && !acceptOtherKey)
        throw new BackupFileError(
          `The secrets in this backup were sealed with master key ${masterKeyId}, and this installation has ` +
            `${masterKeyIds.join(', ') || 'none'}. Put that key into HOLDFAST_MASTER_KEY or into the key file first. ` +
            'Nothing has been changed.',
        )
      if (!(await session.hasTables())) return
      if (!replace && (await session.hasPeople()))
        throw new BackupFileError(
          'This database is in use: it has people in it. Restore into an empty one, or say --replace; what is there ' +
            'is then kept aside in a schema of its own. Nothing has been changed.',
        )
      keptAs = keptSchemaName(at)
      // Neither the list that comes along nor the one that is put aside holds the passphrase of this restore.
      await session.forgetPassphrases()
      listed = await session.listedBackups()
      await session.setAside(keptAs)
    },
    async settle({ tables, hasSqlAccess }, session, manifest) {
      const jobs = tables.findIndex(({ kind }) => kind === 'jobs')
      if ((manifest.tables[jobs]?.rows ?? 0) > 0) await session.queueJobs()
      if (hasSqlAccess) await session.askForSqlAccess()
      await session.endBackupOperations()
      await session.listBackups(listed)
    },
  })
  return { header, keptAs }
}
