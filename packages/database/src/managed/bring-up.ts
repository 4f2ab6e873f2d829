/** Attaches to the PostgreSQL of a data directory, or starts it, and waits until it can be used. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Guardian, tryConnect } from './guardian.ts'
import {
  moveStalePidFile,
  type ServerProcess,
  type ServerProcessOptions,
  startServerProcess,
} from './server-process.ts'
import { DatabaseStartError, explainOutput } from './start-error.ts'

const pollMs = 10
/** Recovery after a crash replays at most `max_wal_size`; slow disks get their time. */
const readyWithinMs = 180_000
/** How long another PostgreSQL of the folder may take to go away. */
const patienceMs = 15_000
const retryMs = 100

const heldByAnother = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/

export interface BroughtUp {
  readonly guardian: Guardian
  /** The process when we started it, null when we attached to somebody else's. */
  readonly server: ServerProcess | null
}

/**
 * @param previous our own process of an earlier call; while it lives, none is started beside it
 * @param signal aborts the waiting; a PostgreSQL that was started meanwhile is left to the caller (`onStart`)
 */
export async function bringUp(
  options: ServerProcessOptions,
  previous: ServerProcess | null,
  signal: AbortSignal,
  onStart: (server: ServerProcess) => void,
): Promise<BroughtUp> {
  const startedAt = performance.now()
  const elapsedMs = () => performance.now() - startedAt
  let server = previous
  let judged: ServerProcess | null = previous
  for (;;) {
    const attempt = await tryConnect(options.socketDirectory, options.cluster)
    if (attempt.kind === 'ready') return { guardian: attempt.guardian, server: server?.exit ? null : server }
    if (attempt.kind === 'absent' && (!server || server.exit)) {
      if (server && server !== judged) {
        judged = server
        await considerFailure(options, server, elapsedMs() < patienceMs)
        await wait(retryMs, undefined, { signal })
        continue
      }
      server = await startServerProcess(options)
      onStart(server)
    }
    if (elapsedMs() > readyWithinMs) {
      const reason = attempt.kind === 'busy' ? attempt.reason : 'nobody answers at its socket'
      throw new DatabaseStartError(
        `PostgreSQL in ${options.cluster} is not ready after ${readyWithinMs / 1000} seconds (${reason}). Its log is ` +
          `${options.logFile}.`,
      )
    }
    await wait(pollMs, undefined, { signal })
  }
}

/** Returns when starting again may help; otherwise throws what the person has to do. */
async function considerFailure(
  { cluster }: ServerProcessOptions,
  server: ServerProcess,
  patient: boolean,
): Promise<void> {
  const output = (await server.output()) || (server.exit?.error?.message ?? '')
  if (!heldByAnother.test(output)) throw explainOutput('PostgreSQL', cluster, output)
  const holder = await moveStalePidFile(cluster)
  if (patient) return
  const who = holder === null ? 'left-over processes of an earlier run' : `process ${holder}`
  throw new DatabaseStartError(
    `${cluster} is in use by ${who}, which does not answer at the socket of this installation. Stop it (pg_ctl stop -D ` +
      `${cluster}) and start again. Nothing has been changed.`,
  )
}
