import { secretNames } from '@holdfast/contracts/secret-names'
import { systemClock } from '@holdfast/kernel/clock'
import { createLogger } from '@holdfast/kernel/logger'
import { readConfig } from '../config.ts'
import { writePast } from '../demo/past.ts'
import { explain } from '../start/explain.ts'
import { openConfiguredDatabase } from '../start/open-database.ts'

/** Started by `npm run demo` alone, when it has just filled an empty database. No command of `holdfast` leads here. */
try {
  const logger = createLogger({ level: 'error', secretFields: secretNames })
  const { database, close } = await openConfiguredDatabase(readConfig(), logger)
  try {
    await writePast({ database, logger }, systemClock.now())
  } finally {
    await close()
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
