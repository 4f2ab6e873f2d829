/**
 * Brings a database up to this program: plain `.sql` files, forward only, each once and in a transaction of its own.
 *
 * Replicas that start together take turns by an advisory lock; the first applies, the others find nothing to do. When
 * there is nothing to do, one query is all it costs.
 *
 * A file whose first line is `-- no transaction` (for CREATE INDEX CONCURRENTLY) holds exactly one statement, because
 * PostgreSQL runs several in one message as a transaction. If it fails, what it left behind is described in its error.
 */
import type { Pool, PoolClient } from 'pg'
import { databaseErrorCode } from './errors.ts'
import type { DatabaseLogger } from './logger.ts'
import {
  type AppliedMigration,
  type MigrationFile,
  MigrationError,
  pendingMigrations,
  readMigrations,
} from './migration-files.ts'

export { MigrationError } from './migration-files.ts'

export interface MigrateOptions {
  /** An open database, or anything else with a pool. */
  readonly database: { readonly pool: Pool }
  /** The folder with `YYYYMMDDHHMM_name.sql` files. */
  readonly directory: string
  readonly logger: DatabaseLogger
}

/** "hfmigrat" as an integer; any fixed number that nobody else uses as an advisory lock would do. */
const advisoryLockKey = '7522820527043535220'
const undefinedTable = '42P01'
const selectApplied = 'select name, checksum from schema_migrations order by name'

/**
 * Applies what is missing and returns its names in order (empty when nothing was).
 * @throws MigrationError when the database does not fit this program or a migration fails; that migration changed nothing.
 */
export async function migrate({ database, directory, logger }: MigrateOptions): Promise<string[]> {
  const files = await readMigrations(directory)
  const { pool } = database
  if (pendingMigrations(files, await appliedMigrations(pool)).length === 0) return []

  const client = await pool.connect()
  try {
    // A migration may rewrite a large table, and another replica may be doing so now.
    await client.query('set statement_timeout = 0')
    await client.query('set idle_in_transaction_session_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [advisoryLockKey])
    await client.query(
      `create table if not exists schema_migrations (
         name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
    )
    const pending = pendingMigrations(files, await appliedMigrations(client))
    for (const file of pending) await apply(client, file, logger)
    return pending.map(({ name }) => name)
  } finally {
    // The session carries settings and the lock: ending it is what surely clears both.
    client.release(true)
  }
}

async function appliedMigrations(queryable: Pool | PoolClient): Promise<AppliedMigration[]> {
  try {
    return (await queryable.query<AppliedMigration>(selectApplied)).rows
  } catch (error) {
    if (databaseErrorCode(error) === undefinedTable) return []
    throw error
  }
}

async function apply(client: PoolClient, file: MigrationFile, logger: DatabaseLogger): Promise<void> {
  const startedAt = performance.now()
  try {
    if (file.transactional) await client.query('begin')
    await client.query(file.sql)
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [
      file.name,
      file.checksum,
    ])
    if (file.transactional) await client.query('commit')
  } catch (error) {
    // No ROLLBACK: the caller ends the session, which also works when the connection is what broke.
    throw failure(file, error)
  }
  const durationMs = Math.round(performance.now() - startedAt)
  logger.info({ migration: file.name, durationMs }, 'Applied a migration.')
}

function failure(file: MigrationFile, error: unknown): MigrationError {
  const reason = error instanceof Error ? error.message : String(error)
  const position =
    typeof error === 'object' && error !== null && 'position' in error ? Number(error.position) : Number.NaN
  const where = position > 0 ? ` at line ${file.sql.slice(0, position - 1).split('\n').length}` : ''
  const outcome = file.transactional
    ? 'It changed nothing.'
    : 'It ran outside a transaction; see what it left behind.'
  return new MigrationError(`Migration ${file.name} failed${where}: ${reason}. ${outcome}`, { cause: error })
}
