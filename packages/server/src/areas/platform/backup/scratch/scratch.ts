import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConnectionConfig } from '@holdfast/database/client'
import { startManagedPostgres } from '@holdfast/database/managed/managed-postgres'
import type { Logger } from '@holdfast/kernel/logger'
import { createScratchRepo } from './repo.ts'

/** An empty database to try a backup in. `remove` takes it away with all that is in it. */
export interface ScratchDatabase {
  connection: ConnectionConfig
  remove(): Promise<void>
}

interface Needs {
  connection: ConnectionConfig
  /** Below it a private PostgreSQL may be started when the present one lets nobody make databases. */
  directory: string
  searchPath: string
  logger: Logger
}

const suffixLength = 12

/** One beside the product's database when its role may make databases, else a private PostgreSQL of its own. */
export async function createScratchDatabase(
  { connection, directory, searchPath, logger }: Needs,
  id: string,
): Promise<ScratchDatabase> {
  const repo = createScratchRepo(connection)
  if (await repo.mayCreate()) {
    // The end of the id: its beginning is the time.
    const name = await repo.create(id.slice(-suffixLength))
    return { connection: inDatabase(connection, name), remove: () => repo.drop(name) }
  }
  await mkdir(directory, { recursive: true })
  const dataDirectory = await mkdtemp(join(directory, 'scratch-'))
  // Run by root, PostgreSQL is another user, who must get through to its own folder inside.
  await chmod(dataDirectory, 0o711)
  const server = await startManagedPostgres({ dataDirectory, logger, durable: false, searchPath })
  return {
    connection: server.connectionConfig,
    async remove() {
      await server.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

function inDatabase(connection: ConnectionConfig, database: string): ConnectionConfig {
  if (typeof connection !== 'string') return { ...connection, database }
  const url = new URL(connection)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}
