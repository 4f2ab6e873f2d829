/**
 * PostgreSQL for tests: one server per run, one template per set of migrations, one database per test file or test.
 *
 *   const server = await startTestPostgres()                    // once, in the global set-up
 *   const template = await createTemplate(server.address, 'server', migrationsDirectory)
 *   const database = await cloneDatabase(template)              // anywhere, also in other processes
 *   openDatabase({ connection: database.connectionConfig, logger })
 *   await database.drop()
 *
 * `address` and `template` are plain values, so a global set-up can hand them to the test processes.
 */
import { createHash, randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClientConfig, escapeIdentifier, type Pool } from 'pg'
import { clientConfig, MarkingClient } from './client.ts'
import { openDatabase } from './database.ts'
import { type DatabaseLogger, silentLogger } from './logger.ts'
import { applicationRole } from './managed/guardian.ts'
import { superuserName } from './managed/initialise.ts'
import { type ManagedPostgresOptions, startManagedPostgres } from './managed/managed-postgres.ts'
import { migrate } from './migrate.ts'
import { readMigrations } from './migration-files.ts'

/** Where the test server listens: the socket's folder and port. */
export interface TestAddress {
  readonly host: string
  readonly port: number
}

export interface TestTemplate {
  readonly address: TestAddress
  readonly database: string
}

export interface TestDatabase {
  readonly connectionConfig: ClientConfig & TestAddress & { readonly user: string; readonly database: string }
  /** Also ends connections that are still open. */
  drop(): Promise<void>
}

const templatesLock = 7_300_003
const hashLength = 12

/**
 * A new empty folder that every user may pass through: as root, PostgreSQL runs as somebody else, and what `mkdtemp`
 * makes is closed to everybody else. Use it as HOLDFAST_DATA in tests.
 */
export async function temporaryDataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-test-'))
  if (process.getuid?.() === 0) await chmod(directory, 0o711)
  return directory
}

/** Starts a server in a temporary folder, without fsync. `stop` removes the folder, which this function has made. */
export async function startTestPostgres(
  options: Partial<Pick<ManagedPostgresOptions, 'logger' | 'sources' | 'searchPath'>> = {},
): Promise<{ readonly address: TestAddress; stop(): Promise<void> }> {
  const dataDirectory = await temporaryDataDirectory()
  const server = await startManagedPostgres({
    logger: silentLogger,
    ...options,
    dataDirectory,
    durable: false,
  })
  const { host, port } = server.connectionConfig
  return {
    address: { host, port },
    async stop() {
      await server.stop()
      await rm(dataDirectory, { recursive: true })
    },
  }
}

/**
 * A database that has had all migrations of a folder. Its name carries a hash of them: asking again, in this run or from
 * another process, finds the same one. `prepare` adds what a library of the caller keeps there.
 */
export async function createTemplate(
  address: TestAddress,
  name: string,
  migrationsDirectory: string,
  logger: DatabaseLogger = silentLogger,
  prepare?: (database: { readonly pool: Pool }) => Promise<void>,
): Promise<TestTemplate> {
  const files = await readMigrations(migrationsDirectory)
  const hash = createHash('sha256').update(JSON.stringify(files.map((file) => [file.name, file.checksum])))
  const database = `template_${name}_${hash.digest('hex').slice(0, hashLength)}`
  await asSuperuser(address, async (client) => {
    await client.query('select pg_advisory_lock($1)', [templatesLock])
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
    if (rowCount) return
    // Only a finished one gets the name that others look for.
    const unfinished = `unfinished_${randomUUID()}`
    await client.query(createStatement(unfinished, 'template1'))
    await migrateAndLeave(address, unfinished, migrationsDirectory, logger, prepare)
    await client.query(
      `alter database ${escapeIdentifier(unfinished)} rename to ${escapeIdentifier(database)}`,
    )
    // A template with somebody connected to it cannot be copied.
    await client.query(`alter database ${escapeIdentifier(database)} allow_connections false`)
  })
  return { address, database }
}

/** A database of its own for the caller, a copy of the template (or empty without one). */
export async function cloneDatabase(
  template: TestTemplate | { readonly address: TestAddress },
): Promise<TestDatabase> {
  const { address } = template
  const database = `test_${randomUUID()}`
  const source = 'database' in template ? template.database : 'template1'
  await asSuperuser(address, (client) => client.query(createStatement(database, source)))
  return {
    connectionConfig: { ...address, user: applicationRole, database },
    async drop() {
      await asSuperuser(address, (client) =>
        client.query(`drop database if exists ${escapeIdentifier(database)} with (force)`),
      )
    },
  }
}

function createStatement(database: string, source: string): string {
  return `create database ${escapeIdentifier(database)} template ${escapeIdentifier(source)} owner ${escapeIdentifier(applicationRole)}`
}

async function migrateAndLeave(
  address: TestAddress,
  name: string,
  directory: string,
  logger: DatabaseLogger,
  prepare: ((database: { readonly pool: Pool }) => Promise<void>) | undefined,
): Promise<void> {
  const connection = { ...address, user: applicationRole, database: name }
  const database = openDatabase({ connection, logger, poolSizeMax: 2 })
  try {
    await migrate({ database, directory, logger })
    await prepare?.(database)
  } finally {
    await database.close()
  }
}

async function asSuperuser<Result>(
  address: TestAddress,
  work: (client: MarkingClient) => Promise<Result>,
): Promise<Result> {
  const client = new MarkingClient(clientConfig({ ...address, user: superuserName, database: 'postgres' }))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
