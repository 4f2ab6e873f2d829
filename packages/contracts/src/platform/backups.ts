import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { stream } from '../kit/media.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { Operation } from './operations.ts'

/** One copy of the whole database. It is `ready` when it has been restored into an empty database and compared. */
export const Backup = z
  .object({
    backup_id: Id,
    state: z.enum(['running', 'ready', 'failed']),
    origin: z.enum(['manual', 'scheduled', 'command']),
    file_name: z.string(),
    size_bytes: z.int().nullable(),
    /** Of the file, SHA-256 in hexadecimal. */
    checksum: z.string().nullable(),
    /** What opens it: nothing, a passphrase, or the secret key of the recipient (age). */
    encryption: z.enum(['none', 'passphrase', 'recipient']),
    /** On the disk of the server that made it, or in the bucket that all servers share. */
    location: z.enum(['disk', 's3']),
    server: z.string(),
    version: z.string(),
    tables: z.int().nullable(),
    rows: z.int().nullable(),
    /** Why it failed. */
    error: z.string().nullable(),
    created_at: Timestamp,
    /** When it had been compared and was kept. */
    verified_at: Timestamp.nullable(),
  })
  .meta({ id: 'Backup' })
export type Backup = z.output<typeof Backup>

const params = z.object({ backupId: Id })
const access = { admin: true } as const
const Started = ok(Operation).extend({ backup_id: Id })

export const createBackup = route({
  id: 'backups.create',
  method: 'POST',
  path: '/api/config/backup',
  summary: 'Back up the whole database; follow the operation that is answered',
  access,
  audit: 'backup.requested',
  body: z.strictObject({
    passphrase: secret(z.string().min(12).max(1_000))
      .optional()
      .describe('Encrypts the file. Without it the recipient of the settings applies, if there is one.'),
  }),
  answers: { 202: Started },
  problems: ['backups.already_running', 'backups.store_unavailable'],
})

export const listBackups = route({
  id: 'backups.list',
  method: 'GET',
  path: '/api/config/backups',
  summary: 'List the latest 500 backups, newest first',
  access,
  answers: {
    200: ok(z.array(Backup)).extend({
      meta: z.object({
        /** When the schedule makes the next one; null when it is off. */
        next_run_at: Timestamp.nullable(),
        /** Whether a bucket is configured. */
        s3_configured: z.boolean(),
      }),
    }),
  },
})

export const downloadBackup = route({
  id: 'backups.download',
  method: 'GET',
  path: '/api/config/backups/{backupId}/download',
  summary: 'Download the file of a backup',
  access,
  params,
  answers: { 200: stream('application/gzip', 'application/octet-stream') },
  problems: ['backups.not_found', 'backups.not_ready', 'backups.file_missing', 'backups.store_unavailable'],
})

export const deleteBackup = route({
  id: 'backups.delete',
  method: 'DELETE',
  path: '/api/config/backups/{backupId}',
  summary: 'Delete a backup and its file',
  access,
  audit: 'backup.deleted',
  params,
  answers: { 200: Done },
  problems: ['backups.not_found', 'backups.already_running'],
})

export const restoreBackup = route({
  id: 'backups.restore',
  method: 'POST',
  path: '/api/config/restore/{backupId}',
  summary:
    'Put a backup in the place of the database; what was there is kept aside, everybody signs in again',
  access,
  audit: 'backup.restore_requested',
  params,
  body: z.strictObject({
    passphrase: secret(z.string().min(1).max(1_000))
      .optional()
      .describe('What opens the file: its passphrase, or the secret key of its recipient.'),
  }),
  answers: { 202: Started },
  problems: [
    'backups.not_found',
    'backups.not_ready',
    'backups.file_missing',
    'backups.store_unavailable',
    'backups.already_running',
    'backups.key_needed',
  ],
})

export const backupRoutes = [createBackup, listBackups, downloadBackup, deleteBackup, restoreBackup] as const
