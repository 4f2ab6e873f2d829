import {
  createBackup,
  deleteBackup,
  downloadBackup,
  listBackups,
  restoreBackup,
} from '@holdfast/contracts/platform/backups'
import { done, success } from '@holdfast/contracts/kit/answer'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Restoring } from './restoring.ts'
import type { BackupSchedule } from './schedule.ts'
import type { Backups } from './service.ts'

export function bindBackups(needs: {
  backups: Backups
  restoring: Restoring
  schedule: Pick<BackupSchedule, 'nextRunAt'>
  hasBucket: boolean
}): BoundRoute[] {
  const { backups, restoring, schedule, hasBucket } = needs
  return [
    handle(createBackup, async (ctx, { body }) => {
      const { id, operation } = await backups.start(ctx, { origin: 'manual', passphrase: body.passphrase })
      return { ...success(operation), backup_id: id }
    }),
    handle(listBackups, async (ctx) => ({
      ...success(await backups.list(ctx)),
      meta: { next_run_at: schedule.nextRunAt(), s3_configured: hasBucket },
    })),
    handle(downloadBackup, async (ctx, { params }) => backups.download(ctx, params.backupId)),
    handle(deleteBackup, async (ctx, { params }) => {
      await backups.remove(ctx, params.backupId)
      return done('The backup is deleted.')
    }),
    handle(restoreBackup, async (ctx, { params, body }) => {
      const operation = await restoring.start(ctx, params.backupId, body.passphrase)
      return { ...success(operation), backup_id: params.backupId }
    }),
  ]
}
