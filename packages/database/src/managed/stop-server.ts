/** Ends a PostgreSQL: in good order first, at once when the time is over. */
import { setTimeout as wait } from 'node:timers/promises'
import type { DatabaseLogger } from '../logger.ts'
import type { Guardian } from './guardian.ts'
import { type ServerProcess, signalProcess } from './server-process.ts'

const pollMs = 10
const atOnceWithinMs = 2_000

export interface StopServerOptions {
  /** Null when the connection is already gone. */
  readonly guardian: Guardian | null
  /** The process if it is our child. */
  readonly server: ServerProcess | null
  readonly deadlineMs: number
  readonly logger: DatabaseLogger
}

/**
 * Leaves PostgreSQL to the other server processes that use it, or ends it when there are none.
 *
 * SIGINT is PostgreSQL's fast shutdown: connections are closed, everything is written. SIGQUIT is its immediate one: the
 * next start recovers from the log, so no committed transaction is lost (PostgreSQL manual, "Shutting Down the Server").
 */
export async function stopServer({ guardian, server, deadlineMs, logger }: StopServerOptions): Promise<void> {
  const pid = await processToStop(guardian, server, logger)
  if (pid === null) return
  signalProcess(pid, 'SIGINT')
  if (!(await endsWithin(pid, deadlineMs))) {
    logger.warn(
      { pid, deadlineMs },
      'PostgreSQL did not stop in time and is ended at once; the next start recovers.',
    )
    signalProcess(pid, 'SIGQUIT')
    await endsWithin(pid, atOnceWithinMs)
  }
  await guardian?.close()
}

async function processToStop(
  guardian: Guardian | null,
  server: ServerProcess | null,
  logger: DatabaseLogger,
): Promise<number | null> {
  const ownChild = server && !server.exit ? (server.pid ?? null) : null
  if (!guardian) return ownChild
  try {
    return await guardian.leave()
  } catch (error) {
    logger.warn({ err: error }, 'PostgreSQL went away while it was being stopped.')
    return ownChild
  }
}

async function endsWithin(pid: number, durationMs: number): Promise<boolean> {
  const startedAt = performance.now()
  while (signalProcess(pid, 0)) {
    if (performance.now() - startedAt > durationMs) return false
    await wait(pollMs)
  }
  return true
}
