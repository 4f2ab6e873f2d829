import type { Backup } from '@holdfast/contracts/platform/backups'
import { clientConfig, MarkingClient } from '@holdfast/database/client'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

type Reader = Partial<Pick<Context, 'tx'>>
export type BackupsRepo = ReturnType<typeof createBackupsRepo>

export interface StoredBackup extends Backup {
  passphraseSealed: string | null
}

/** Carries nothing: a backup has taken the place of the database. */
export const restoredChannel = 'holdfast_restored'
/** "hfbackup": one backup or restore at a time on one database. */
const lockKey = '7523094287979573616'

export function createBackupsRepo(database: Database<Tables>) {
  const select = (ctx: Reader) =>
    database
      .of(ctx)
      .selectFrom('backups')
      .select(['id as backup_id', 'file_name', 'size_bytes', 'checksum', 'server', 'version', 'error'])
      .select(['table_count as tables', 'row_count as rows', 'created_at', 'verified_at'])
      .select('passphrase_sealed as passphraseSealed')
      .select([
        sql<Backup['state']>`state`.as('state'),
        sql<Backup['origin']>`origin`.as('origin'),
        sql<Backup['encryption']>`encryption`.as('encryption'),
        sql<Backup['location']>`location`.as('location'),
      ])

  return {
    find: (ctx: Reader, id: string): Promise<StoredBackup | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    list: (ctx: Reader, limit: number): Promise<StoredBackup[]> =>
      select(ctx).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute(),

    /** Ready ones of the schedule, newest first. */
    scheduled: (ctx: Reader): Promise<StoredBackup[]> =>
      select(ctx)
        .where('origin', '=', 'scheduled')
        .where('state', '=', 'ready')
        .orderBy('created_at', 'desc')
        .execute(),

    /** Whether an operation that makes or restores one is not finished. Locks, so that two requests take turns. */
    async isBusy(ctx: Context): Promise<boolean> {
      await sql`select pg_advisory_xact_lock(${lockKey}::bigint + 1)`.execute(database.of(ctx))
      const { rows } = await sql<{ busy: boolean }>`
        select exists (select from operations where kind like 'backups.%' and finished_at is null) as busy`.execute(
        database.of(ctx),
      )
      return rows[0]?.busy === true
    },

    /** Settles what an operation that never comes to its end has left: nobody makes it, nobody needs its passphrase. */
    async giveUp(ctx: Reader, id: string): Promise<void> {
      await sql`
        update backups set passphrase_sealed = null,
          error = case state when 'running' then 'It was stopped before its end.' else error end,
          state = case state when 'running' then 'failed' else state end
        where id = ${id}`.execute(database.of(ctx))
    },

    async insert(
      ctx: Context,
      backup: Pick<Backup, 'origin' | 'file_name' | 'encryption' | 'location' | 'server' | 'version'> & {
        id: string
        passphraseSealed: string | null
        at: Date
      },
    ): Promise<void> {
      const { id, origin, file_name, encryption, location, server, version, passphraseSealed, at } = backup
      const row = { id, origin, file_name, encryption, location, server, version }
      await database
        .of(ctx)
        .insertInto('backups')
        .values({
          ...row,
          state: 'running',
          passphrase_sealed: passphraseSealed,
          created_at: at.toISOString(),
        })
        .execute()
    },

    /** Takes the passphrase away: nothing needs it any more. */
    async succeed(
      ctx: Context,
      id: string,
      made: { server: string; sizeBytes: number; checksum: string; tables: number; rows: number; at: Date },
    ): Promise<void> {
      await database
        .of(ctx)
        .updateTable('backups')
        .set({
          state: 'ready',
          server: made.server,
          size_bytes: made.sizeBytes,
          checksum: made.checksum,
          table_count: made.tables,
          row_count: made.rows,
          verified_at: made.at.toISOString(),
          error: null,
          passphrase_sealed: null,
        })
        .where('id', '=', id)
        .execute()
    },

    /** One that was only stopped is made again and needs its passphrase then. */
    async fail(
      ctx: Context,
      id: string,
      error: string,
      { keepPassphrase }: { keepPassphrase: boolean },
    ): Promise<void> {
      await database
        .of(ctx)
        .updateTable('backups')
        .set({ state: 'failed', error, ...(!keepPassphrase && { passphrase_sealed: null }) })
        .where('id', '=', id)
        .execute()
    },

    async setPassphrase(ctx: Reader, id: string, passphraseSealed: string | null): Promise<void> {
      await database
        .of(ctx)
        .updateTable('backups')
        .set({ passphrase_sealed: passphraseSealed })
        .where('id', '=', id)
        .execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('backups').where('id', '=', id).execute()
    },

    listenRestored: (handler: (payload: string | null) => void) => database.listen(restoredChannel, handler),
    announceRestored: () => database.notify({}, restoredChannel, 'restored'),

    /** Runs `work` while nobody else makes or restores a backup of this database; null when somebody does. */
    async alone<T>(work: () => Promise<T>): Promise<T | null> {
      const client = new MarkingClient({
        ...clientConfig(database.connection),
        application_name: 'holdfast backup',
      })
      await client.connect()
      try {
        const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [
          lockKey,
        ])
        return rows[0]?.free === true ? await work() : null
      } finally {
        // Said, not left to the end of the connection, which PostgreSQL notices a moment later.
        await client.query('select pg_advisory_unlock_all()')
        await client.end()
      }
    },
  }
}
