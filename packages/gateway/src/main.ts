import { hostname } from 'node:os'
import { secretNames } from '@holdfast/contracts/secret-names'
import { systemClock } from '@holdfast/kernel/clock'
import { ConfigError } from '@holdfast/kernel/config'
import { hashToken, tokenPrefix } from '@holdfast/kernel/crypto/token'
import { vouchingKey } from '@holdfast/kernel/crypto/vouched-client'
import { createIds } from '@holdfast/kernel/id'
import { createLogger } from '@holdfast/kernel/logger'
import { readGatewayConfig, usage } from './config.ts'
import { createDataPlane } from './data-plane.ts'
import { composeGateway } from './gateway.ts'
import { openPlace, PlaceTakenError } from './state/place.ts'

/** So that whoever started us knows what happened without reading. */
const exitCodes = { failed: 1, wrongConfig: 2, portTaken: 3, keyRefused: 4 } as const

/** Reads the configuration, runs one gateway until a signal, and leaves nothing unfinished behind. */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage)
    return
  }
  const config = readGatewayConfig(args, process.env)
  const logger = createLogger({ level: config.logLevel, secretFields: secretNames })
  const ids = createIds(systemClock)
  const place = await openPlace(config.dataDirectory, config.apiKey, ids.uuid)
  const dataPlane = createDataPlane({
    host: config.host,
    port: config.port,
    ...(config.threads === undefined ? {} : { threads: config.threads }),
    clock: systemClock,
    logger,
    trustedProxies: config.trustedProxies,
    voucher: { keyPrefix: tokenPrefix(config.apiKey), key: vouchingKey(hashToken(config.apiKey)) },
  })
  let stopping: Promise<void> | undefined
  const gateway = composeGateway({
    config,
    place,
    dataPlane,
    clock: systemClock,
    ids,
    logger,
    random: Math.random,
    hostname: hostname(),
    useless(sentence) {
      process.stderr.write(`${sentence}\n`)
      void stop('refused', exitCodes.keyRefused)
    },
  })

  async function stop(why: string, exitCode: number): Promise<void> {
    logger.info({ why }, 'Stopping')
    const late = await gateway.lifecycle.stop()
    process.exit(late.length > 0 ? exitCodes.failed : exitCode)
  }
  // Started by `npm start`: Ctrl-C reaches both processes, and the server says when to end, by a signal or by its death.
  const isChild = process.send !== undefined
  if (isChild) process.on('disconnect', () => void (stopping ??= stop('the server has ended', 0)))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isChild && signal === 'SIGINT') return
      // Asking twice means now.
      if (stopping !== undefined) process.exit(exitCodes.failed)
      stopping = stop(signal, 0)
    })
  }

  await gateway.lifecycle.start()
  const { configSource, configVersion } = gateway.condition()
  const adminPort = gateway.adminPort()
  const lines = [
    `Gateway ready at http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${dataPlane.port()}`,
    ...(adminPort === null ? [] : [`Health and metrics at http://${config.adminHost}:${adminPort}`]),
    ...(configSource === 'none' ? ['It has no configuration yet and waits for the control plane.'] : []),
    ...(configSource === 'cache' ? [`It serves revision ${configVersion} from its disk.`] : []),
  ]
  process.stdout.write(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`)
}

main(process.argv.slice(process.argv[2] === 'gateway' ? 3 : 2)).catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(exitCodeOf(error))
})

/** What a person can act on gets a sentence; what is our mistake keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return `${error.message}\n\n${usage}`
  if (error instanceof PlaceTakenError) return error.message
  if (codeOf(error) === 'EADDRINUSE') return 'The port is taken. Choose another one with --port.'
  if (codeOf(error) === 'EACCES')
    return 'This port or folder needs a privilege. Choose --port above 1023, or set --data.'
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return exitCodes.wrongConfig
  return codeOf(error) === 'EADDRINUSE' ? exitCodes.portTaken : exitCodes.failed
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
