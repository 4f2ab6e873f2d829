import { readMigrations } from '@holdfast/database/migration-files'
import { systemClock } from '@holdfast/kernel/clock'
import { createLogger } from '@holdfast/kernel/logger'
import { readConfig } from '../config.ts'
import { fail, type Finding } from '../doctor/finding.ts'
import { examineMachine } from '../doctor/machine.ts'
import { createDoctorRepo } from '../doctor/repo.ts'
import { examineDatabase, examineServices } from '../doctor/services.ts'
import { examineState } from '../doctor/state.ts'
import { explain } from '../start/explain.ts'
import { connectConfiguredDatabase, migrationsDirectory } from '../start/open-database.ts'
import type { Config } from '../config.ts'

/** `holdfast doctor`: looks at everything that a server needs and says what is wrong. Ends with 1 when something is. */
const marks = { ok: 'ok  ', warn: 'look', fail: 'FAIL' } as const

async function examine(config: Config): Promise<Finding[]> {
  const machine = await examineMachine(config)
  const services = await examineServices(config)
  try {
    const { database, close } = await connectConfiguredDatabase(config, createLogger({ level: 'silent' }))
    try {
      const files = await readMigrations(migrationsDirectory)
      const repo = createDoctorRepo(database)
      const found = await examineDatabase(repo, files, systemClock)
      // Of another version's tables nothing is known.
      const isKnown = found.some(({ check, state }) => check === 'schema' && state === 'ok')
      return [...machine, ...found, ...(isKnown ? await examineState(repo) : []), ...services]
    } finally {
      await close()
    }
  } catch (error) {
    return [...machine, fail('database', explain(error)), ...services]
  }
}

try {
  const findings = await examine(readConfig())
  for (const { check, state, sentence } of findings)
    process.stdout.write(`${marks[state]}  ${check}: ${sentence}\n`)
  const failed = findings.filter(({ state }) => state === 'fail').length
  process.stdout.write(failed === 0 ? '\nNothing is in the way.\n' : `\n${failed} to mend.\n`)
  process.exitCode = failed === 0 ? 0 : 1
} catch (error) {
  process.stderr.write(`FAIL  settings: ${explain(error)}\n`)
  process.exitCode = 1
}
