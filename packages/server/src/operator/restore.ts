import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { secretNames } from '@holdfast/contracts/secret-names'
import { systemClock } from '@holdfast/kernel/clock'
import { loadMasterKeys } from '@holdfast/kernel/crypto/master-key'
import { createLogger } from '@holdfast/kernel/logger'
import { SentenceError } from '@holdfast/kernel/sentence-error'
import { keyOf } from '../areas/platform/backup/archive/encryption.ts'
import { readArchive } from '../areas/platform/backup/archive/read.ts'
import { restoreInto } from '../areas/platform/backup/restore/into.ts'
import { composeServer } from '../compose.ts'
import { readConfig } from '../config.ts'
import { systemContext } from '../context.ts'
import { explain } from '../start/explain.ts'
import { connectConfiguredDatabase, dataDirectoryOf, migrationsDirectory } from '../start/open-database.ts'
import { migrateJobs } from '../work/jobs/migrate.ts'

/** `holdfast restore FILE`: puts a backup into the configured database, all of it or nothing. Nothing is ever deleted. */
const usage = `holdfast restore FILE [--key FILE] [--replace] [--accept-lost-secrets]
  --key FILE             what opens an encrypted backup: a file with the passphrase, or the key file of age
  --replace              take the place of a database that is in use; it is kept aside in a schema of its own
  --accept-lost-secrets  restore although the master key of the backup is gone; what it sealed cannot be read again`

/** An age key file has comments around the key; anything else is a passphrase. */
function keyIn(path: string) {
  const text = readFileSync(path, 'utf8')
  return keyOf(/^AGE-SECRET-KEY-\S+/m.exec(text)?.[0] ?? text.trim())
}

try {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      replace: { type: 'boolean', default: false },
      'accept-lost-secrets': { type: 'boolean', default: false },
    },
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new SentenceError(usage)
  if (!existsSync(file)) throw new SentenceError(`There is no file ${file}.`)
  const key = values.key === undefined ? null : keyIn(values.key)
  const config = readConfig()
  const logger = createLogger({ level: 'error', secretFields: secretNames })
  const keyFile = join(dataDirectoryOf(config), 'master.key')
  const hasMasterKey = config.HOLDFAST_MASTER_KEY !== undefined || existsSync(keyFile)
  const masterKeyIds = hasMasterKey
    ? loadMasterKeys(config.HOLDFAST_MASTER_KEY, keyFile).map(({ id }) => id)
    : []
  const { database, close } = await connectConfiguredDatabase(config, logger)
  try {
    await migrateJobs(database, logger)
    const restored = await restoreInto({
      entries: readArchive(createReadStream(file), key),
      connection: database.connection,
      migrationsDirectory,
      masterKeyIds,
      acceptOtherKey: values['accept-lost-secrets'],
      replace: values.replace,
      at: systemClock.now(),
      signal: new AbortController().signal,
      progress: () => {},
    })
    const masterKeys = loadMasterKeys(config.HOLDFAST_MASTER_KEY, keyFile)
    const server = composeServer({ config, logger, clock: systemClock, database, masterKeys })
    await server.platform.backup.noteRestored(systemContext('operator'), restored)
    const { header, keptAs } = restored
    process.stdout.write(
      `Restored the backup of ${header.createdAt}, made by version ${header.productVersion}.\n`,
    )
    if (keptAs !== null) process.stdout.write(`What was there before is in the schema ${keptAs}.\n`)
  } finally {
    await close()
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
