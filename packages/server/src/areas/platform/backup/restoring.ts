import type { Operation } from '@holdfast/contracts/platform/operations'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import { migrate } from '@holdfast/database/migrate'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { OperationHandler, Operations } from '../../../work/operations/service.ts'
import type { AuditLog } from '../audit/service.ts'
import { keyOf } from './archive/encryption.ts'
import { readArchive } from './archive/read.ts'
import type { BackupsRepo } from './repo.ts'
import { type Restored, restoreInto } from './restore/into.ts'
import { backupSentence, passphrasePurpose, restoreOperation } from './rules.ts'
import type { Backups } from './service.ts'

/**
 * Puts a backup in the place of the database, while servers run on it. One on disk is restored by a server that has the
 * file. The passphrase is kept, sealed, until it is done or has failed, so that another run can open the file.
 */
export interface Restoring {
  /** Throws what Backups.open throws, backups.already_running, backups.key_needed. */
  start(ctx: Context, id: string, passphrase: string | undefined): Promise<Operation>
  /**
   * After a restore: brings the database up to this version, writes down what has happened, tells every server. Nothing
   * else may be written before, because the backup may be of an older version.
   */
  note(ctx: Context, restored: Restored): Promise<void>
  operation: OperationHandler
  /** Makes the server anew when any server has restored. */
  part: Part
}

interface Needs {
  repo: BackupsRepo
  backups: Pick<Backups, 'open'>
  database: Database<Tables>
  operations: Pick<Operations, 'start'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  envelope: Pick<Envelope, 'seal' | 'open'>
  masterKeyIds: readonly string[]
  migrationsDirectory: string
  restart: (() => void) | undefined
  clock: Clock
  logger: Logger
}

export function createRestoring(needs: Needs): Restoring {
  const { repo, backups, database, operations, audit, events, envelope, masterKeyIds } = needs
  const { migrationsDirectory, restart, clock, logger } = needs
  let stopListening: (() => Promise<void>) | undefined

  async function note(ctx: Context, { header, keptAs }: Restored): Promise<void> {
    const { id } = header
    await migrate({ database, directory: migrationsDirectory, logger })
    const details = { backupId: id, madeAt: header.createdAt, version: header.productVersion, keptAs }
    await database.transaction(ctx, async (tx) => {
      await events.append(tx, { type: 'backup.restored', data: details })
      await audit.append(tx, { action: 'backup.restored', target: { type: 'backup', id }, details })
    })
    await repo.announceRestored()
  }

  async function run(ctx: Context, id: string, progress: (done: number, total: number) => void) {
    const { backup, content } = await backups.open(ctx, id)
    const sealed = backup.passphraseSealed
    const key = sealed === null ? null : keyOf(envelope.open(sealed, passphrasePurpose))
    const restored = await repo.alone(() =>
      restoreInto({
        entries: readArchive(content, key),
        connection: database.connection,
        migrationsDirectory,
        masterKeyIds,
        acceptOtherKey: false,
        replace: true,
        at: clock.now(),
        signal: ctx.signal,
        progress,
      }),
    )
    if (restored === null) throw problem('backups.already_running')
    await note(ctx, restored)
    return { backup_id: id, kept_as: restored.keptAs }
  }

  return {
    note,

    start: (ctx, id, passphrase) =>
      database.transaction(ctx, async (tx) => {
        const { backup, content } = await backups.open(tx, id)
        await content[Symbol.asyncIterator]().return?.()
        if (backup.encryption !== 'none' && passphrase === undefined) throw problem('backups.key_needed')
        if (await repo.isBusy(tx)) throw problem('backups.already_running')
        if (passphrase !== undefined)
          await repo.setPassphrase(tx, id, envelope.seal(passphrase, passphrasePurpose))
        const target = { type: 'backup', id }
        const operation = await operations.start(tx, {
          kind: restoreOperation,
          input: { backupId: id },
          target,
          isHere: backup.location === 'disk',
        })
        await audit.append(tx, { target, details: { fileName: backup.file_name, madeAt: backup.created_at } })
        return operation
      }),

    operation: {
      name: restoreOperation,
      async run(ctx, { input, progress }) {
        try {
          return await run(ctx, String(input.backupId), progress)
        } catch (error) {
          if (ctx.signal.aborted) throw error
          throw problem('backups.unusable', { sentence: backupSentence(error, false), cause: error })
        }
      },
      giveUp: (ctx, { backupId }) => repo.giveUp(ctx, String(backupId)),
    },

    part: {
      name: 'restores',
      async start() {
        stopListening = await repo.listenRestored((payload) => {
          if (payload === null) return
          logger.warn({}, 'A backup has taken the place of the database; the server is made anew')
          restart?.()
        })
      },
      async stop() {
        await stopListening?.()
      },
    },
  }
}
