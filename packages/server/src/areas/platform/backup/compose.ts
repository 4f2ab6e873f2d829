import { join } from 'node:path'
import type { SettingValues } from '@holdfast/contracts/platform/settings'
import type { Context } from '../../../context.ts'
import type { Kit } from '../../../kit.ts'
import { createObjectStore } from '../../../object-store/configured.ts'
import { dataDirectoryOf, migrationsDirectory } from '../../../start/open-database.ts'
import type { Area } from '../../area.ts'
import type { Notifications } from '../notifications/service.ts'
import { createMakeNow } from './by-hand.ts'
import { createMakeBackup } from './making.ts'
import { createBackupsRepo } from './repo.ts'
import { createRestoring } from './restoring.ts'
import { bindBackups } from './routes.ts'
import { createBackupRunner } from './runner.ts'
import { createBackupSchedule } from './schedule.ts'
import { createBackups } from './service.ts'
import { createBucketStore } from './storage/bucket.ts'
import { createDiskStore } from './storage/store.ts'

interface Given {
  notifications: Notifications
  /** From the database. */
  readSettings(ctx: Context): Promise<SettingValues>
  restart: (() => void) | undefined
}

/** Backups, composed: making, keeping, restoring, and the schedule. */
export function composeBackup(kit: Kit, { notifications, readSettings, restart }: Given) {
  const { config, database, masterKey } = kit
  const data = dataDirectoryOf(config)
  const directory = join(data, 'backups')
  const bucket = createObjectStore(config)
  const stores = {
    disk: createDiskStore(directory),
    s3: bucket === null ? null : createBucketStore(bucket),
  }
  const repo = createBackupsRepo(database)
  const make = createMakeBackup({
    ...kit,
    connection: database.connection,
    migrationsDirectory,
    scratchDirectory: data,
    searchPath: config.PATH ?? '',
    masterKeyId: masterKey.id,
  })
  const backups = createBackups({ ...kit, repo, stores })
  const runner = createBackupRunner({ ...kit, repo, make, stores, directory, notifications })
  const restoring = createRestoring({ ...kit, repo, backups, migrationsDirectory, restart })
  const schedule = createBackupSchedule({
    ...kit,
    backups,
    readSettings,
  })
  const area: Area = {
    routes: bindBackups({ backups, restoring, schedule, hasBucket: bucket !== null }),
    jobs: [schedule.job],
    operations: [runner, restoring.operation],
    parts: [schedule.part, restoring.part],
  }
  return {
    area,
    makeNow: createMakeNow({ ...kit, repo, make, directory }),
    noteRestored: restoring.note,
  }
}
