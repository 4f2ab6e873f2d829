import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import { backoff } from '@holdfast/kernel/retry'
import { z } from 'zod'
import type { GatewayKeys } from '../areas/gateway/keys/service.ts'
import type { Organizations } from '../areas/identity/organizations/service.ts'
import { systemContext } from '../context.ts'
import { stopDeadlines } from './stop-deadlines.ts'

/**
 * The gateway that `npm start` brings along: a process of its own for the first organization, started again when it dies,
 * stopped with the server. Its key lies in a file of this machine. A port that is taken is a warning: somebody else's
 * program may well live on 8080.
 */
export interface LocalGateway {
  start(): void
  stop(): Promise<void>
}

interface Needs {
  organizations: Pick<Organizations, 'first'>
  keys: Pick<GatewayKeys, 'create' | 'recognize'>
  dataDirectory: string
  /** How the gateway reaches this server. */
  serverUrl: string
  host: string
  port: number
  trustedProxies: number
  logLevel: string
  clock: Clock
  logger: Logger
}

const program = join(import.meta.dirname, '../../../../bin/holdfast.mjs')
/** What packages/gateway/src/main.ts ends with. */
const exitCodes = { portTaken: 3, keyRefused: 4 } as const
const lookEveryMs = 2_000
const goodAfterMs = 60_000
const killAfterMs = stopDeadlines.partsMs
const restartDelayMs = backoff(1_000, 30_000)

const KeyFile = z.object({ organizationId: z.string(), key: z.string() })

export function createLocalGateway(needs: Needs): LocalGateway {
  const { organizations, keys, clock, logger } = needs
  let child: ChildProcess | null = null
  let stopped = false
  let cancel: (() => void) | null = null
  let restarts = 0

  /** Until the first run has made an organization there is nothing to do. */
  async function look(): Promise<void> {
    if (stopped) return
    let delayMs = lookEveryMs
    try {
      const organizationId = await organizations.first(systemContext('local gateway'))
      if (organizationId !== null) {
        const { key } = await keyOf(organizationId)
        if (key !== null) run(key)
        return
      }
    } catch (error) {
      delayMs = restartDelayMs(5)
      logger.warn({ err: error }, 'The gateway of this machine could not be prepared; it is tried again')
    }
    cancel = clock.after(delayMs, () => void look())
  }

  /** Null when it was revoked. */
  async function keyOf(organizationId: string): Promise<{ key: string | null }> {
    const path = join(needs.dataDirectory, 'gateway', 'this-machine.key')
    const kept = existsSync(path) ? KeyFile.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : null
    if (kept?.success === true && kept.data.organizationId === organizationId) {
      if ((await keys.recognize(systemContext('local gateway'), kept.data.key)) !== null) return kept.data
      logger.warn(
        {},
        `The key of this machine's gateway was revoked. Remove ${path} to let it have a new one.`,
      )
      return { key: null }
    }
    const ctx = systemContext('local gateway')
    const created = await keys.create(
      { ...ctx, organizationId, audit: { action: 'gateway.key_created', appended: 0 } },
      `This machine (${hostname().slice(0, 60)})`,
    )
    mkdirSync(join(needs.dataDirectory, 'gateway'), { recursive: true, mode: 0o700 })
    const text = `${JSON.stringify({ organizationId, key: created.gatewayApiKey })}\n`
    writeFileSync(path, text, { mode: 0o600, flush: true })
    return { key: created.gatewayApiKey }
  }

  function run(key: string): void {
    if (stopped) return
    const startedMs = clock.nowMs()
    // Over the fourth channel it notices when this process dies, and ends too: nobody else would ever stop it.
    const started = spawn(process.execPath, [program, 'gateway', '--admin-port', 'off'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        HOLDFAST_GATEWAY_SERVER: needs.serverUrl,
        HOLDFAST_GATEWAY_KEY: key,
        HOLDFAST_GATEWAY_HOST: needs.host,
        HOLDFAST_GATEWAY_PORT: String(needs.port),
        HOLDFAST_TRUSTED_PROXIES: String(needs.trustedProxies),
        HOLDFAST_DATA: needs.dataDirectory,
        HOLDFAST_LOG_LEVEL: needs.logLevel,
      },
    })
    child = started
    started.once('error', (error) => logger.warn({ err: error }, 'The gateway of this machine did not start'))
    started.once('exit', (code, signal) => {
      child = null
      if (stopped) return
      if (code === exitCodes.portTaken) {
        const hint = 'Set HOLDFAST_GATEWAY_PORT to another one, or to 0 for no gateway here.'
        logger.warn(
          { port: needs.port },
          `The gateway of this machine does not run: its port is taken. ${hint}`,
        )
        return
      }
      if (code === exitCodes.keyRefused) return
      restarts = clock.nowMs() - startedMs > goodAfterMs ? 1 : restarts + 1
      const delayMs = restartDelayMs(restarts)
      logger.warn({ code, signal, delayMs }, 'The gateway of this machine has ended; it is started again')
      cancel = clock.after(delayMs, () => void look())
    })
  }

  return {
    start: () => void look(),
    async stop() {
      stopped = true
      cancel?.()
      if (child === null) return
      const running = child
      const ended = once(running, 'exit')
      running.kill('SIGTERM')
      const cancelKill = clock.after(killAfterMs, () => running.kill('SIGKILL'))
      await ended
      cancelKill()
    },
  }
}
