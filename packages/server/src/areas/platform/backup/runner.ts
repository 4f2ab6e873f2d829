import { rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Logger } from '@holdfast/kernel/logger'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { OperationHandler, RunningOperation } from '../../../work/operations/service.ts'
import type { Notifications } from '../notifications/service.ts'
import type { Settings } from '../settings/service.ts'
import { type BackupLock, isRecipient } from './archive/encryption.ts'
import type { MakeBackup } from './making.ts'
import type { BackupsRepo, StoredBackup } from './repo.ts'
import { backupSentence, beyondKept, createOperation, passphrasePurpose } from './rules.ts'
import { type BackupStores, preparePart, removeParts, storeOf } from './storage/store.ts'

interface Needs {
  repo: BackupsRepo
  make: MakeBackup
  stores: BackupStores
  /** Where backups are written, and kept when they stay on disk. */
  directory: string
  database: Pick<Database<Tables>, 'transaction'>
  settings: Pick<Settings, 'current'>
  notifications: Pick<Notifications, 'add'>
  events: Pick<Events, 'append'>
  envelope: Pick<Envelope, 'open'>
  clock: Clock
  logger: Logger
}

/** Takes a backup from its row to its file. A server that dies leaves the operation to be run again from the start. */
export function createBackupRunner(needs: Needs): OperationHandler {
  const { repo, make, stores, directory, database, settings } = needs
  const { notifications, events, envelope, clock, logger } = needs

  async function lockOf({ encryption, passphraseSealed }: StoredBackup): Promise<BackupLock> {
    if (encryption === 'none') return { kind: 'none' }
    if (encryption === 'passphrase' && passphraseSealed !== null)
      return { kind: 'passphrase', passphrase: envelope.open(passphraseSealed, passphrasePurpose) }
    const recipient = settings.current().backupRecipient
    if (!(await isRecipient(recipient)))
      throw problem('backups.unusable', {
        sentence: 'The recipient in the settings is no public key of age.',
      })
    return { kind: 'recipient', recipient }
  }

  async function makeFile(ctx: Context, backup: StoredBackup, progress: RunningOperation['progress']) {
    const made = await repo.alone(async () => {
      const path = await preparePart(directory, backup.file_name)
      await removeParts(directory)
      const lock = await lockOf(backup)
      const result = await make({ id: backup.backup_id, path, lock, signal: ctx.signal, progress })
      try {
        await storeOf(stores, backup.location).take(path, backup.file_name)
      } catch (error) {
        await rm(path, { force: true })
        throw error
      }
      return result
    })
    if (made === null) throw problem('backups.already_running')
    return made
  }

  async function fail(ctx: Context, backup: StoredBackup, sentence: string): Promise<void> {
    const isStopped = ctx.signal.aborted
    await database.transaction(ctx, async (tx) => {
      await repo.fail(tx, backup.backup_id, sentence, { keepPassphrase: isStopped })
      if (isStopped) return
      await events.append(tx, {
        type: 'backup.failed',
        data: { backupId: backup.backup_id, error: sentence },
      })
      if (backup.origin !== 'scheduled') return
      await notifications.add(tx, {
        permission: 'manage_users',
        kind: 'backup.failed',
        title: 'The scheduled backup failed',
        message: sentence,
        link: '/admin/backups',
      })
    })
  }

  /** Only scheduled ones go by themselves. One whose store fails stays in the list until the next time. */
  async function removeOld(ctx: Context): Promise<void> {
    for (const backup of beyondKept(await repo.scheduled(ctx), settings.current().backupKeep)) {
      try {
        await storeOf(stores, backup.location).remove(backup.file_name)
      } catch (error) {
        logger.warn({ err: error, backup: backup.backup_id }, 'An old backup could not be removed')
        continue
      }
      await database.transaction(ctx, async (tx) => {
        await repo.remove(tx, backup.backup_id)
        await events.append(tx, { type: 'backup.deleted', data: { backupId: backup.backup_id } })
      })
      logger.info({ backup: backup.backup_id }, 'An old backup was removed')
    }
  }

  return {
    name: createOperation,
    giveUp: (ctx, { backupId }) => repo.giveUp(ctx, String(backupId)),
    async run(ctx, { input, progress }) {
      const backup = await repo.find(ctx, String(input.backupId))
      if (backup === undefined) throw problem('backups.not_found')
      const { backup_id: id, origin } = backup
      try {
        const made = await makeFile(ctx, backup, progress)
        await database.transaction(ctx, async (tx) => {
          await repo.succeed(tx, id, { ...made, server: hostname(), at: clock.now() })
          const data = { backupId: id, origin, sizeBytes: made.sizeBytes, rows: made.rows }
          await events.append(tx, { type: 'backup.created', data })
        })
        if (origin === 'scheduled') await removeOld(ctx)
        return { backup_id: id, size_bytes: made.sizeBytes, rows: made.rows }
      } catch (error) {
        const sentence = backupSentence(error, ctx.signal.aborted)
        await fail(ctx, backup, sentence)
        if (ctx.signal.aborted) throw error
        throw problem('backups.unusable', { sentence, cause: error })
      }
    },
  }
}
