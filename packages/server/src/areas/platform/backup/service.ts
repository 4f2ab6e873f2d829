import { hostname } from 'node:os'
import type { StreamedBody } from '@holdfast/contracts/kit/media'
import type { Backup } from '@holdfast/contracts/platform/backups'
import type { Operation } from '@holdfast/contracts/platform/operations'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Ids } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { productVersion } from '../../../version.ts'
import type { Events } from '../../../work/events/service.ts'
import type { Operations } from '../../../work/operations/service.ts'
import type { AuditLog } from '../audit/service.ts'
import type { Settings } from '../settings/service.ts'
import type { BackupsRepo, StoredBackup } from './repo.ts'
import { createOperation, fileNameOf, passphrasePurpose } from './rules.ts'
import { type BackupStores, storeOf } from './storage/store.ts'

/**
 * Backups of the whole database: made from one moment, proven by restoring each into an empty database, kept on disk or
 * in a bucket, removed when the schedule has made enough newer ones.
 *
 * States: running -> ready | failed. Invariants: a file under its final name was proven; one backup or restore at a time;
 * a failed one leaves no file.
 * Events: backup.created, backup.failed (see runner.ts), backup.deleted.
 */
export interface Backups {
  list(ctx: Context): Promise<Backup[]>
  /** Throws backups.already_running, backups.store_unavailable. */
  start(ctx: Context, request: NewBackup): Promise<{ id: string; operation: Operation }>
  /**
   * One that is ready, with what its file holds. Throws backups.not_found, backups.not_ready, backups.file_missing,
   * backups.store_unavailable.
   */
  open(ctx: Context, id: string): Promise<{ backup: StoredBackup; content: AsyncIterable<Uint8Array> }>
  /** As `open` throws. */
  download(ctx: Context, id: string): Promise<StreamedBody>
  /** Throws backups.not_found, backups.already_running. */
  remove(ctx: Context, id: string): Promise<void>
}

export interface NewBackup {
  origin: 'manual' | 'scheduled'
  passphrase?: string | undefined
}

interface Needs {
  repo: BackupsRepo
  stores: BackupStores
  database: Pick<Database<Tables>, 'transaction'>
  operations: Pick<Operations, 'start'>
  settings: Pick<Settings, 'current'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  envelope: Pick<Envelope, 'seal'>
  clock: Clock
  ids: Ids
  logger: Logger
}

const listedMax = 500

export function createBackups(needs: Needs): Backups {
  const { repo, stores, database, operations, settings, audit, events, envelope } = needs
  const { clock, ids, logger } = needs

  async function open(ctx: Context, id: string) {
    const backup = await repo.find(ctx, id)
    if (backup === undefined) throw problem('backups.not_found')
    if (backup.state !== 'ready') throw problem('backups.not_ready')
    const content = await storeOf(stores, backup.location).read(backup.file_name)
    if (content === null)
      throw problem('backups.file_missing', {
        sentence: `The file ${backup.file_name} is not here. The server ${backup.server} has made it; look there.`,
      })
    return { backup, content }
  }

  return {
    open,

    list: async (ctx) =>
      (await repo.list(ctx, listedMax)).map(({ passphraseSealed: _sealed, ...backup }) => backup),

    start: (ctx, { origin, passphrase }) =>
      database.transaction(ctx, async (tx) => {
        if (await repo.isBusy(tx)) throw problem('backups.already_running')
        const { backupDestination: location, backupRecipient: recipient } = settings.current()
        storeOf(stores, location)
        const id = ids.uuid()
        const encryption = passphrase !== undefined ? 'passphrase' : recipient !== '' ? 'recipient' : 'none'
        await repo.insert(tx, {
          id,
          origin,
          file_name: fileNameOf(id, encryption),
          encryption,
          location,
          server: hostname(),
          version: productVersion,
          passphraseSealed: passphrase === undefined ? null : envelope.seal(passphrase, passphrasePurpose),
          at: clock.now(),
        })
        const target = { type: 'backup', id }
        const operation = await operations.start(tx, {
          kind: createOperation,
          input: { backupId: id },
          target,
        })
        const details = { origin, encryption, location }
        await audit.append(tx, { action: 'backup.requested', target, details })
        return { id, operation }
      }),

    async download(ctx, id) {
      const { backup, content } = await open(ctx, id)
      const contentType = backup.encryption === 'none' ? 'application/gzip' : 'application/octet-stream'
      return { contentType, body: content, fileName: backup.file_name }
    },

    async remove(ctx, id) {
      const { location, file_name: fileName } = await database.transaction(ctx, async (tx) => {
        const backup = await repo.find(tx, id)
        if (backup === undefined) throw problem('backups.not_found')
        if (backup.state === 'running') throw problem('backups.already_running')
        await repo.remove(tx, id)
        await events.append(tx, { type: 'backup.deleted', data: { backupId: id } })
        await audit.append(tx, { target: { type: 'backup', id }, details: { fileName: backup.file_name } })
        return backup
      })
      // After the row: a file without its row is only waste, a row without its file would be a broken promise.
      await stores[location]?.remove(fileName).catch((error: unknown) => {
        logger.warn({ err: error, location, fileName }, 'The file of a deleted backup could not be removed')
      })
    },
  }
}
