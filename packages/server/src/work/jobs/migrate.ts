import type { Logger as ProductLogger } from '@holdfast/kernel/logger'
import { Logger, runMigrations } from 'graphile-worker'
import type { Pool } from 'pg'

/** Brings graphile-worker's schema up to date. One query when it already is. */
export async function migrateJobs(database: { pool: Pool }, logger: ProductLogger): Promise<void> {
  await runMigrations({ pgPool: database.pool, logger: workerLogger(logger), noPreparedStatements: false })
}

/** graphile-worker's messages through our logger. It logs each job's success; that is worth `debug` here. */
export function workerLogger(logger: ProductLogger): Logger {
  return new Logger((scope) => (level, message, meta) => {
    // The level is an ambient enum, which erasable TypeScript cannot name.
    const severity: string = level
    const facts = { ...scope, ...(meta?.error instanceof Error && { err: meta.error }) }
    if (severity === 'error') logger.error(facts, message)
    else if (severity === 'warning') logger.warn(facts, message)
    else logger.debug(facts, message)
  })
}
