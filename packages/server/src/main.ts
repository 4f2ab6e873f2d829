import { secretNames } from '@holdfast/contracts/secret-names'
import { systemClock } from '@holdfast/kernel/clock'
import { loadMasterKeys } from '@holdfast/kernel/crypto/master-key'
import { createLogger } from '@holdfast/kernel/logger'
import { join } from 'node:path'
import { readConfig } from './config.ts'
import { addressFromHere, announce } from './start/announce.ts'
import { explain } from './start/explain.ts'
import { createLocalGateway, type LocalGateway } from './start/local-gateway.ts'
import { dataDirectoryOf, openConfiguredDatabase } from './start/open-database.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

/** Reads the configuration, composes the server, runs it until a signal, and leaves nothing behind. */
async function main(): Promise<void> {
  const config = readConfig()
  const logger = createLogger({ level: config.HOLDFAST_LOG_LEVEL, secretFields: secretNames })
  // PostgreSQL starts while the rest of the program is still being loaded.
  const opening = openConfiguredDatabase(config, logger)
  opening.catch(() => undefined)
  const { composeServer } = await import('./compose.ts')
  const opened = await opening
  const trialDatabase = opened.managed?.binaries.source === 'bundle'
  const masterKeys = loadMasterKeys(config.HOLDFAST_MASTER_KEY, join(dataDirectoryOf(config), 'master.key'))
  const server = composeServer({
    config,
    logger,
    clock: systemClock,
    database: opened.database,
    masterKeys,
    trialDatabase,
    restart() {
      stopping ??= beginAnew()
    },
  })

  let localGateway: LocalGateway | undefined
  let stopping: Promise<void> | undefined
  let lastSignal: string | null = null
  /** Answers the parts that were late. */
  async function shutDown(): Promise<string[]> {
    // Side by side: whoever asks whether the server is ready hears at once that it stops.
    const [late] = await Promise.all([server.lifecycle.stop(), localGateway?.stop()])
    await opened.close()
    return late
  }
  async function stop(signal: string): Promise<void> {
    logger.info({ signal }, 'Stopping')
    process.exit((await shutDown()).length > 0 ? 1 : 0)
  }
  /** After a restore everything that is held in memory belongs to another database. */
  async function beginAnew(): Promise<void> {
    await shutDown()
    if (lastSignal !== null) process.exit(0)
    for (const signal of signals) process.off(signal, onSignal)
    await start()
  }
  function onSignal(signal: string): void {
    // Asking twice means now.
    if (lastSignal !== null) process.exit(1)
    lastSignal = signal
    stopping ??= stop(signal)
  }
  for (const signal of signals) process.on(signal, onSignal)

  try {
    await server.lifecycle.start()
  } catch (error) {
    await opened.close()
    throw error
  }
  const facts = {
    ...server.address(),
    trialDatabase,
    setupCode: await server.identity.setup.code(),
  }
  announce(facts, (text) => process.stdout.write(text))
  if (config.HOLDFAST_GATEWAY_PORT === 0 || stopping !== undefined) return
  localGateway = createLocalGateway({
    organizations: server.identity.organizations,
    keys: server.gateway.keys,
    dataDirectory: dataDirectoryOf(config),
    serverUrl: addressFromHere(facts),
    host: config.HOST,
    port: config.HOLDFAST_GATEWAY_PORT,
    trustedProxies: config.HOLDFAST_TRUSTED_PROXIES,
    logLevel: config.HOLDFAST_LOG_LEVEL,
    clock: systemClock,
    logger,
  })
  localGateway.start()
}

function start(): Promise<void> {
  return main().catch((error: unknown) => {
    process.stderr.write(`${explain(error)}\n`)
    process.exit(1)
  })
}

await start()
