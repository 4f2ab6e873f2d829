import { Problem } from '@holdfast/contracts/kit/problem'
import type { SettingValues } from '@holdfast/contracts/platform/settings'
import { sealedColumns } from '../../../sealing/columns.ts'
import { BackupFileError } from './archive/format.ts'

/** The schemas that the product keeps its tables in. The queue's is graphile-worker's own affair. */
export const productSchemas = ['public', 'records']

/** Where areas/builder/sql-access keeps its views. It is there while records may be read with SQL, and only then. */
export const sqlAccessSchema = 'records_view'

/**
 * What is not backed up. Sessions and half-finished sign-ins: a restore must not bring back what was ended. Who runs now,
 * and what live readers have seen: it means nothing elsewhere. The list of backups: it belongs to the place, not to the
 * moment.
 */
export const skippedTables = [
  'backups',
  'job_runners',
  'mfa_challenges',
  'record_changes',
  'refresh_tokens',
  'sessions',
  'sign_in_attempts',
  'webhook_record_places',
]

/** Names of the operations, as the list of operations shows them. */
export const createOperation = 'backups.create'
export const restoreOperation = 'backups.restore'

/** What a passphrase is sealed for while an operation needs it. */
export const passphrasePurpose = sealedColumns.backupPassphrase.purpose

export function fileNameOf(id: string, encryption: 'none' | 'passphrase' | 'recipient'): string {
  return `${id}.tar.gz${encryption === 'none' ? '' : '.age'}`
}

/** Those that are too many. */
export function beyondKept<T>(newestFirst: readonly T[], keep: number): T[] {
  return newestFirst.slice(keep)
}

/** Why it did not work, as a sentence for whoever looks at the list. */
export function backupSentence(error: unknown, isStopped: boolean): string {
  if (isStopped) return 'It was stopped before its end.'
  if (error instanceof BackupFileError || error instanceof Problem) return error.message
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOSPC') return 'The disk is full. Make room below the data directory, or keep fewer backups.'
  if (code === 'EACCES' || code === 'EPERM')
    return 'The backup directory cannot be written. Check who owns it.'
  return 'Something failed that should not have. The log of the server says what.'
}

/** When the schedule makes a backup, as a cron expression in UTC; null when it is off. */
export function cronOf({
  backupSchedule,
  backupTime,
}: Pick<SettingValues, 'backupSchedule' | 'backupTime'>): string | null {
  const [hour = 0, minute = 0] = backupTime.split(':').map(Number)
  if (backupSchedule === 'off') return null
  if (backupSchedule === 'hourly') return `${minute} * * * *`
  return `${minute} ${hour} * * ${backupSchedule === 'weekly' ? '0' : '*'}`
}

/** Where what a restore replaces is kept: the name of a schema, such as `before_restore_20261121t171530`. */
export function keptSchemaName(at: Date): string {
  return `before_restore_${at.toISOString().slice(0, 19).replace(/[-:]/g, '').toLowerCase()}`
}
