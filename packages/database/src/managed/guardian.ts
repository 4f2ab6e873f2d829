/**
 * The connection that a server process keeps to its private PostgreSQL, and the count of such processes.
 *
 * Opening it proves that the PostgreSQL at the socket serves our data directory. Its end tells that PostgreSQL went
 * away, also to a process that did not start it. Each holds a shared advisory lock; whoever leaves and gets the same
 * lock exclusively is the last one, and switches off the light.
 */
import { realpath } from 'node:fs/promises'
import { DatabaseError, escapeIdentifier } from 'pg'
import { MarkingClient } from '../client.ts'
import { superuserName } from './initialise.ts'
import { socketPort } from './layout.ts'
import { DatabaseStartError } from './start-error.ts'

export const applicationRole = 'holdfast'
/** May log in and holds nothing; the product lets it read views of records when an administrator asks for that. */
export const readerRole = `${applicationRole}_reader`
export const applicationDatabase = 'holdfast'

/** Any two numbers; advisory locks are per database and nobody else uses `postgres`. */
const usersLock = 7_300_001
const changesLock = 7_300_002

export interface Guardian {
  /** Calls back once when the connection is gone. */
  onLost(callback: () => void): void
  /** The postmaster's process id when no other process uses this PostgreSQL, else null; the connection is then closed. */
  leave(): Promise<number | null>
  close(): Promise<void>
}

export type Attempt =
  | { readonly kind: 'ready'; readonly guardian: Guardian }
  /** Nobody answers at the socket. */
  | { readonly kind: 'absent' }
  /** It is starting up, shutting down or recovering. */
  | { readonly kind: 'busy'; readonly reason: string }

/** One try to connect. @throws DatabaseStartError when something else answers. */
export async function tryConnect(socketDirectory: string, cluster: string): Promise<Attempt> {
  const client = new MarkingClient({
    host: socketDirectory,
    port: socketPort,
    user: superuserName,
    database: 'postgres',
    application_name: 'holdfast-guardian',
    connectionTimeoutMillis: 5_000,
  })
  try {
    await client.connect()
    await assertServes(client, cluster)
    await client.query('select pg_advisory_lock_shared($1)', [usersLock])
    await ensureApplicationDatabase(client)
  } catch (error) {
    await client.end()
    return attemptAfter(error)
  }
  return { kind: 'ready', guardian: createGuardian(client) }
}

function attemptAfter(error: unknown): Attempt {
  if (error instanceof DatabaseStartError) throw error
  if (error instanceof DatabaseError) {
    // 57Pxx: starting up, shutting down, recovering after a crash. 53300: every slot is taken for now.
    if (/^(57P|53300)/.test(error.code ?? '')) return { kind: 'busy', reason: error.message }
    throw new DatabaseStartError(`PostgreSQL runs but cannot be used: ${error.message}.`, { cause: error })
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return { kind: 'absent' }
  return { kind: 'busy', reason: error instanceof Error ? error.message : String(error) }
}

async function assertServes(client: MarkingClient, cluster: string): Promise<void> {
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  const served = rows[0]?.data_directory ?? ''
  if ((await realpath(served)) === (await realpath(cluster))) return
  throw new DatabaseStartError(
    `A PostgreSQL that serves ${served} answers where the one for ${cluster} belongs. Stop it ` +
      `(pg_ctl stop -D ${served}) and start again. Nothing has been changed.`,
  )
}

async function ensureApplicationDatabase(client: MarkingClient): Promise<void> {
  const present = async () => {
    const { rows } = await client.query<Record<'role' | 'createsDatabases' | 'reader' | 'database', boolean>>(
      `select exists (select from pg_roles where rolname = $1) as role,
              exists (select from pg_roles where rolname = $1 and rolcreatedb) as "createsDatabases",
              exists (select from pg_roles where rolname = $3) as reader,
              exists (select from pg_database where datname = $2) as database`,
      [applicationRole, applicationDatabase, readerRole],
    )
    return rows[0] ?? { role: false, createsDatabases: false, reader: false, database: false }
  }
  const before = await present()
  if (before.createsDatabases && before.reader && before.database) return
  await client.query('select pg_advisory_lock($1)', [changesLock])
  const now = await present()
  const role = escapeIdentifier(applicationRole)
  // Not a superuser: those walk through row-level security. pg_read_all_settings and the like are not needed either.
  if (!now.role) await client.query(`create role ${role} login`)
  // For the database that each backup is tried in. An installation that is older gets it here too.
  if (!now.createsDatabases) await client.query(`alter role ${role} createdb`)
  if (!now.reader) {
    const reader = escapeIdentifier(readerRole)
    await client.query(`create role ${reader} login noinherit connection limit 5`)
    await client.query(`alter role ${reader} set default_transaction_read_only = on`)
    await client.query(`alter role ${reader} set statement_timeout = '30s'`)
    await client.query(`alter role ${reader} set temp_file_limit = '1GB'`)
  }
  if (!now.database)
    await client.query(`create database ${escapeIdentifier(applicationDatabase)} owner ${role}`)
  await client.query('select pg_advisory_unlock($1)', [changesLock])
}

function createGuardian(client: MarkingClient): Guardian {
  return {
    onLost: (callback) => void client.once('end', callback),
    close: () => client.end(),
    async leave() {
      // One after the other: two that leave together must not each take the other for somebody who stays.
      await client.query('select pg_advisory_lock($1)', [changesLock])
      const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [
        usersLock,
      ])
      if (rows[0]?.last) {
        // Read through the server, the file is the server's own: its lock on the folder is what makes it trustworthy.
        const file = await client.query<{ text: string }>("select pg_read_file('postmaster.pid') as text")
        return Number.parseInt(file.rows[0]?.text ?? '', 10)
      }
      await client.query('select pg_advisory_unlock_shared($1)', [usersLock])
      await client.end()
      return null
    },
  }
}
