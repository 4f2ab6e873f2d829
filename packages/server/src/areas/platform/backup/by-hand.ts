import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { productVersion } from '../../../version.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../audit/service.ts'
import type { BackupLock } from './archive/encryption.ts'
import type { MadeBackup, MakeBackup } from './making.ts'
import type { BackupsRepo } from './repo.ts'
import { fileNameOf } from './rules.ts'
import { createDiskStore, preparePart, removeParts } from './storage/store.ts'

export interface ByHand {
  lock: BackupLock
  /** Where the file goes; null: among the others, and into the list. */
  path: string | null
}

/** For the command line: makes a backup while the caller waits. Throws backups.already_running. */
export type MakeNow = (ctx: Context, request: ByHand) => Promise<MadeBackup & { path: string }>

export function createMakeNow(needs: {
  repo: BackupsRepo
  make: MakeBackup
  directory: string
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}): MakeNow {
  const { repo, make, directory, database, audit, events, clock, ids } = needs
  return async (ctx, { lock, path: wanted }) => {
    const id = ids.uuid()
    const path = wanted ?? join(directory, fileNameOf(id, lock.kind))
    const made = await repo.alone(async () => {
      const part = await preparePart(dirname(path), basename(path))
      if (wanted === null) await removeParts(directory)
      const result = await make({ id, path: part, lock, signal: ctx.signal, progress: () => {} })
      await createDiskStore(dirname(path)).take(part, basename(path))
      return result
    })
    if (made === null) throw problem('backups.already_running')
    await database.transaction(ctx, async (tx) => {
      if (wanted === null) {
        await repo.insert(tx, {
          id,
          origin: 'command',
          file_name: basename(path),
          encryption: lock.kind,
          location: 'disk',
          server: hostname(),
          version: productVersion,
          passphraseSealed: null,
          at: clock.now(),
        })
        await repo.succeed(tx, id, { ...made, server: hostname(), at: clock.now() })
      }
      const { sizeBytes, rows } = made
      const data = { backupId: id, origin: 'command', sizeBytes, rows }
      await events.append(tx, { type: 'backup.created', data })
      await audit.append(tx, { action: 'backup.created', target: { type: 'backup', id }, details: data })
    })
    return { ...made, path }
  }
}
