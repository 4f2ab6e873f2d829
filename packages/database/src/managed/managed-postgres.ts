/**
 * The private PostgreSQL of an installation that names none: found, initialised, started, watched, stopped.
 *
 * States: absent -> starting -> ready -> lost -> starting -> ... -> stopped.
 *
 * - Whoever comes second attaches: a PostgreSQL that already serves this data directory is used, whether another
 *   server process started it or a killed one left it. What is at the socket is asked which folder it serves;
 *   `postmaster.pid` decides nothing.
 * - Whoever leaves last stops it. With two servers on one machine, either may go first.
 * - When PostgreSQL ends unasked, `onExit` is told and it is started again, with growing pauses, until `stop`.
 * - Our own sudden death leaves it running, with all it has acknowledged; the next start attaches.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { ClientConfig } from 'pg'
import type { DatabaseLogger } from '../logger.ts'
import type { BinariesSource } from './binaries.ts'
import { bringUp } from './bring-up.ts'
import { applicationDatabase, applicationRole, type Guardian } from './guardian.ts'
import { socketPort } from './layout.ts'
import { prepare } from './prepare.ts'
import { readTail, type ServerExit, type ServerProcess } from './server-process.ts'
import { stopServer } from './stop-server.ts'

export { defaultDataDirectory } from './default-data-directory.ts'
export type { ServerExit } from './server-process.ts'
export { DatabaseStartError } from './start-error.ts'

export interface ManagedPostgresOptions {
  /** The installation's data; PostgreSQL's is in `postgres/` below it. */
  readonly dataDirectory: string
  readonly logger: DatabaseLogger
  /** False in tests only: faster, and a power cut may lose data. Default true. */
  readonly durable?: boolean
  /** The value of PATH, to look for PostgreSQL in; the usual places are looked at without it. */
  readonly searchPath?: string
  /** Where PostgreSQL may come from. Default: the system's, else the npm bundle. */
  readonly sources?: readonly BinariesSource[]
}

export interface ManagedPostgres {
  /** As the role `holdfast`, which owns the database `holdfast` and is not a superuser. */
  readonly connectionConfig: ClientConfig & { readonly host: string; readonly port: number }
  readonly binaries: { readonly source: BinariesSource; readonly version: string }
  /** `<data>/postgres/<major>` */
  readonly clusterDirectory: string
  /** Whether it was already running when we came. */
  readonly attached: boolean
  /** The end of what PostgreSQL wrote, at most 8 KB. */
  stderrTail(): Promise<string>
  /** Told each time PostgreSQL has gone away unasked (`code` and `signal` null when it was not our child). */
  onExit(listener: (exit: ServerExit) => void): () => void
  /** Stops PostgreSQL unless another server process uses it. Past the deadline it is ended at once, which loses nothing. */
  stop(options?: { readonly deadlineMs?: number }): Promise<void>
}

const restartDelayMinMs = 100
const restartDelayMaxMs = 5_000
const stopDeadlineMs = 10_000
const exitNewsWithinMs = 500

/** @throws DatabaseStartError whose `sentence` says what to do. */
export async function startManagedPostgres(options: ManagedPostgresOptions): Promise<ManagedPostgres> {
  const { logger, durable = true, searchPath = '', sources = ['system', 'bundle'] } = options
  const plan = await prepare({ dataDirectory: options.dataDirectory, logger, durable, searchPath, sources })
  const listeners = new Set<(exit: ServerExit) => void>()
  const stopping = new AbortController()
  let server: ServerProcess | null = null
  let guardian: Guardian | null = null
  let recovering: Promise<void> = Promise.resolve()

  async function comeUp(): Promise<void> {
    const result = await bringUp(plan, server, stopping.signal, (started) => {
      server = started
    })
    server = result.server
    guardian = result.guardian
    guardian.onLost(() => {
      guardian = null
      if (!stopping.signal.aborted) recovering = recover()
    })
  }

  async function recover(): Promise<void> {
    const exit = (server && (await exitOf(server))) ?? { code: null, signal: null }
    logger.warn(
      { ...exit, tail: await readTail(plan.logFile) },
      'PostgreSQL has gone away; it is started again.',
    )
    for (const listener of listeners) listener(exit)
    for (let delayMs = restartDelayMinMs; !stopping.signal.aborted; ) {
      try {
        await comeUp()
        logger.info({}, 'PostgreSQL is back.')
        return
      } catch (error) {
        if (stopping.signal.aborted) return
        logger.error(
          { err: error },
          `PostgreSQL could not be started again; the next try is in ${delayMs} ms.`,
        )
      }
      await wait(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      delayMs = Math.min(delayMs * 2, restartDelayMaxMs)
    }
  }

  async function stop({ deadlineMs = stopDeadlineMs }: { readonly deadlineMs?: number } = {}): Promise<void> {
    stopping.abort()
    await recovering
    await stopServer({ guardian, server, deadlineMs, logger })
    guardian = null
  }

  const startedAt = performance.now()
  await comeUp()
  const attached = server === null
  const { source, version } = plan.binaries
  const durationMs = Math.round(performance.now() - startedAt)
  logger.info(
    { source, version, attached, durationMs },
    attached ? 'Using the PostgreSQL that runs.' : 'Started PostgreSQL.',
  )
  let stopped: Promise<void> | undefined

  return {
    connectionConfig: {
      host: plan.socketDirectory,
      port: socketPort,
      user: applicationRole,
      database: applicationDatabase,
    },
    binaries: { source, version },
    clusterDirectory: plan.cluster,
    attached,
    stderrTail: () => readTail(plan.logFile),
    onExit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: (stopOptions) => (stopped ??= stop(stopOptions)),
  }
}

/** Its connections end a moment before the process does. Null when the process lives on (only a backend crashed). */
async function exitOf(server: ServerProcess): Promise<ServerExit | null> {
  return Promise.race([server.ended, wait(exitNewsWithinMs, null, { ref: false })])
}
