import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Database, openDatabase } from '@holdfast/database/database'
import {
  defaultDataDirectory,
  type ManagedPostgres,
  startManagedPostgres,
} from '@holdfast/database/managed/managed-postgres'
import { migrate } from '@holdfast/database/migrate'
import type { Logger } from '@holdfast/kernel/logger'
import type { Config } from '../config.ts'
import type { Tables } from '../tables.ts'
import { stopDeadlines } from './stop-deadlines.ts'

export interface OpenedDatabase {
  database: Database<Tables>
  /** Absent when DATABASE_URL names one. */
  managed: ManagedPostgres | null
  close(): Promise<void>
}

export const migrationsDirectory = join(import.meta.dirname, '../../migrations')

/** The data directory of this installation. */
export function dataDirectoryOf(config: Config): string {
  return (
    config.HOLDFAST_DATA ?? defaultDataDirectory({ HOME: config.HOME, XDG_DATA_HOME: config.XDG_DATA_HOME })
  )
}

/** Opens the configured database or starts the private one, as it is. */
export async function connectConfiguredDatabase(config: Config, logger: Logger): Promise<OpenedDatabase> {
  const managed =
    config.DATABASE_URL === undefined
      ? await startManagedPostgres({
          dataDirectory: dataDirectoryOf(config),
          logger,
          searchPath: config.PATH ?? '',
        })
      : null
  const database = openDatabase<Tables>({
    connection: managed?.connectionConfig ?? String(config.DATABASE_URL),
    logger,
  })
  return {
    database,
    managed,
    async close() {
      // A connection that somebody still holds does not keep PostgreSQL from being stopped in order.
      await Promise.race([database.close(), wait(stopDeadlines.connectionsMs, undefined, { ref: false })])
      await managed?.stop({ deadlineMs: stopDeadlines.postgresMs })
    },
  }
}

/** The same, with its schema brought up to date. */
export async function openConfiguredDatabase(config: Config, logger: Logger): Promise<OpenedDatabase> {
  const opened = await connectConfiguredDatabase(config, logger)
  try {
    await migrate({ database: opened.database, directory: migrationsDirectory, logger })
  } catch (error) {
    await opened.close()
    throw error
  }
  return opened
}
