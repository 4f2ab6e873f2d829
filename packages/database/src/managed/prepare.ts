/** Everything that must be known and in place before PostgreSQL can be started. */
import { realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DatabaseLogger } from '../logger.ts'
import { type BinariesSource, findBinaries } from './binaries.ts'
import { initialiseCluster } from './initialise.ts'
import { findCluster, postgresDirectory, prepareDirectories, prepareSocketDirectory } from './layout.ts'
import { assertReachable, chooseRunAs } from './run-as.ts'
import type { ServerProcessOptions } from './server-process.ts'
import { DatabaseStartError } from './start-error.ts'

export interface PrepareOptions {
  readonly dataDirectory: string
  readonly logger: DatabaseLogger
  readonly durable: boolean
  readonly searchPath: string
  readonly sources: readonly BinariesSource[]
}

/** Finds or makes the cluster. @throws DatabaseStartError with nothing changed that was there before. */
export async function prepare(options: PrepareOptions): Promise<ServerProcessOptions> {
  const { logger, durable, searchPath, sources } = options
  if (process.platform === 'win32') {
    throw new DatabaseStartError(
      'On Windows the server does not start a PostgreSQL of its own; set DATABASE_URL.',
    )
  }
  const dataDirectory = resolve(options.dataDirectory)
  const existing = await findCluster(postgresDirectory(dataDirectory))
  const runAs = await chooseRunAs(existing?.path ?? null)
  await prepareDirectories(dataDirectory, runAs)
  // Two spellings of one folder (a symbolic link) must arrive at the same socket.
  const directory = await realpath(postgresDirectory(dataDirectory))
  await assertReachable(directory, runAs)
  const binaries = await findBinaries({
    existingMajor: existing?.major ?? null,
    existingPath: existing?.path ?? null,
    runAs,
    searchPath,
    copyDirectory: directory,
    sources,
  })
  const cluster = join(directory, String(binaries.major))
  if (!existing) await initialiseCluster({ binaries, cluster, runAs, durable, logger })
  const socketDirectory = await prepareSocketDirectory(directory, runAs)
  return { binaries, cluster, logFile: `${cluster}.log`, socketDirectory, runAs, durable }
}
