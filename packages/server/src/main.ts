import { systemClock } from '@holdfast/kernel/clock'
import { loadMasterKeys } from '@holdfast/kernel/crypto/master-key'
import { createLogger } from '@holdfast/kernel/logger'
import { join } from 'node:path'
import { readConfig } from './config.ts'
import { addressFromHere, announce } from './start/announce.ts'
import { explain } from './start/explain.ts'
import { createLocalGateway, type LocalGateway } from './start/local-gateway.ts'
import { dataDirectoryOf, openConfiguredDatabase } from './start/open-database.ts'

/** Reads the configuration, composes the server, runs it until a signal, and leaves nothing behind. */
async function main(): Promise<void> {
  const config = readConfig()
  const logger = createLogger({ level: config.HOLDFAST_LOG_LEVEL })
  // PostgreSQL starts while the rest of the program is still being loaded.
  const opening = openConfiguredDatabase(config, logger)
  opening.catch(() => undefined)
  const { composeServer } = await import('./compose.ts')
  const opened = await opening
  const masterKeys = loadMasterKeys(config.HOLDFAST_MASTER_KEY, join(dataDirectoryOf(config), 'master.key'))
  const server = composeServer({ config, logger, clock: systemClock, database: opened.database, masterKeys })

  let localGateway: LocalGateway | undefined
  let stopping: Promise<void> | undefined
  async function stop(signal: string): Promise<void> {
    logger.info({ signal }, 'Stopping')
    await localGateway?.stop()
    const late = await server.lifecycle.stop()
    await opened.close()
    process.exit(late.length > 0 ? 1 : 0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Asking twice means now.
      if (stopping !== undefined) process.exit(1)
      stopping = stop(signal)
    })
  }

  try {
    await server.lifecycle.start()
  } catch (error) {
    await opened.close()
    throw error
  }
  const facts = {
    ...server.address(),
    trialDatabase: opened.managed?.binaries.source === 'bundle',
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

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
})
