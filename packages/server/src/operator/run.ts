import { join } from 'node:path'
import { secretNames } from '@holdfast/contracts/secret-names'
import { systemClock } from '@holdfast/kernel/clock'
import { loadMasterKeys } from '@holdfast/kernel/crypto/master-key'
import { createLogger } from '@holdfast/kernel/logger'
import { composeServer, type Server } from '../compose.ts'
import { readConfig } from '../config.ts'
import { explain } from '../start/explain.ts'
import { dataDirectoryOf, openConfiguredDatabase } from '../start/open-database.ts'

interface Operator {
  /** Composed and not started: services work, nothing listens. */
  server: Server
  args: readonly string[]
}

/**
 * Runs one command on the installation's own database, beside a running server or without one. Whoever may read the
 * data directory may do this; there is no other permission to ask for.
 */
export async function runOperatorCommand(command: (operator: Operator) => Promise<void>): Promise<void> {
  try {
    const config = readConfig()
    const logger = createLogger({ level: 'error', secretFields: secretNames })
    const { database, close } = await openConfiguredDatabase(config, logger)
    try {
      const masterKeys = loadMasterKeys(
        config.HOLDFAST_MASTER_KEY,
        join(dataDirectoryOf(config), 'master.key'),
      )
      const server = composeServer({ config, logger, clock: systemClock, database, masterKeys })
      await command({ server, args: process.argv.slice(3) })
    } finally {
      await close()
    }
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exitCode = 1
  }
}
