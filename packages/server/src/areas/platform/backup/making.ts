import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { ConnectionConfig } from '@holdfast/database/client'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import { productVersion } from '../../../version.ts'
import { type BackupLock, createEncryption } from './archive/encryption.ts'
import { readArchive } from './archive/read.ts'
import { writeArchive } from './archive/write.ts'
import { dump } from './dump/service.ts'
import { verifyByRestoring } from './restore/verify.ts'
import { createScratchDatabase } from './scratch/scratch.ts'

export interface Making {
  id: string
  /** Where the file is written; nothing may be there. */
  path: string
  lock: BackupLock
  signal: AbortSignal
  progress(done: number, total: number, message: string): void
}

export interface MadeBackup {
  sizeBytes: number
  checksum: string
  tables: number
  rows: number
}

/**
 * Makes a backup file and proves it: what lies on the disk is read back, restored into an empty database and compared
 * row by row. Resolves only when it came out as it went in; otherwise the file is gone and nothing else has happened.
 */
export type MakeBackup = (making: Making) => Promise<MadeBackup>

interface Needs {
  connection: ConnectionConfig
  migrationsDirectory: string
  scratchDirectory: string
  searchPath: string
  masterKeyId: string
  clock: Clock
  logger: Logger
}

export function createMakeBackup(needs: Needs): MakeBackup {
  const { connection, migrationsDirectory, masterKeyId, clock, logger } = needs

  async function prove(making: Making, key: Parameters<typeof readArchive>[1]) {
    const { id, path, signal, progress } = making
    const scratch = await createScratchDatabase(
      { connection, directory: needs.scratchDirectory, searchPath: needs.searchPath, logger },
      id,
    )
    try {
      return await verifyByRestoring({
        entries: readArchive(createReadStream(path), key),
        connection: scratch.connection,
        migrationsDirectory,
        signal,
        progress: (done, total) => progress(total + done, 2 * total, 'Restoring it into an empty database'),
      })
    } finally {
      await scratch.remove()
    }
  }

  return async (making) => {
    const { id, path, lock, signal, progress } = making
    const encryption = await createEncryption(lock)
    const entries = dump({
      connection,
      id,
      createdAt: clock.now(),
      productVersion,
      masterKeyId,
      signal,
      progress: (done, total) => progress(done, 2 * total, 'Saving the database'),
    })
    const { sizeBytes, sha256 } = await writeArchive(entries, path, encryption, signal)
    try {
      const { tables, rows } = await prove(making, encryption?.key ?? null)
      return { sizeBytes, checksum: sha256, tables, rows }
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }
}
