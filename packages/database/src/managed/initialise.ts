/** Makes a new cluster beside its place and moves it there when it is complete, so that a half-made one is never started. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { open, readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { DatabaseLogger } from '../logger.ts'
import { type PostgresBinaries, postgresEnvironment } from './binaries.ts'
import type { RunAs } from './run-as.ts'
import { explainFileError, explainOutput } from './start-error.ts'

const run = promisify(execFile)
const unfinishedPrefix = 'initialising-'

/** The role that PostgreSQL itself is run by; the product never works as this one. */
export const superuserName = 'postgres'

export interface InitialiseOptions {
  readonly binaries: PostgresBinaries
  /** `<data>/postgres/<major>`, absent or empty. */
  readonly cluster: string
  readonly runAs: RunAs | null
  readonly durable: boolean
  readonly logger: DatabaseLogger
}

/**
 * After this, `cluster` exists, made by us or by another process that was faster. When initdb fails it removes the
 * files it has made; nothing else is ever removed.
 */
export async function initialiseCluster(options: InitialiseOptions): Promise<void> {
  const { binaries, cluster, runAs, durable, logger } = options
  const parent = dirname(cluster)
  await mentionRemains(parent, logger)
  const fresh = join(parent, `${unfinishedPrefix}${binaries.major}-${randomUUID().slice(0, 8)}`)
  try {
    await run(join(binaries.directory, 'initdb'), initdbArguments(fresh, binaries, durable), {
      env: postgresEnvironment(binaries.libraryDirectory),
      cwd: '/',
      ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
    })
  } catch (error) {
    throw explainOutput('initdb', parent, outputOf(error))
  }
  await moveIntoPlace(fresh, cluster, logger)
  if (durable) await syncDirectory(parent)
}

function initdbArguments(fresh: string, binaries: PostgresBinaries, durable: boolean): string[] {
  // PostgreSQL 17 has its own C.UTF-8, the same on every system; before that Linux has one and macOS does not.
  const locale =
    binaries.major >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : [process.platform === 'darwin' ? '--locale=C' : '--locale=C.UTF-8']
  return [
    ['-D', fresh, '-U', superuserName, '-E', 'UTF8', ...locale],
    // The socket's folder is 0700: whoever reaches it is this user or root, who needs no password.
    ['--auth-local=trust', '--auth-host=reject', '--no-instructions', '--data-checksums'],
    durable ? [] : ['--no-sync'],
  ].flat()
}

async function moveIntoPlace(fresh: string, cluster: string, logger: DatabaseLogger): Promise<void> {
  try {
    await rename(fresh, cluster)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw explainFileError(error, cluster)
    logger.warn(
      { cluster },
      `Another process set up ${cluster} at the same moment. ${fresh} is not used; you may delete it.`,
    )
  }
}

async function mentionRemains(parent: string, logger: DatabaseLogger): Promise<void> {
  const remains = (await readdir(parent)).filter((name) => name.startsWith(unfinishedPrefix))
  for (const name of remains) {
    const path = join(parent, name)
    logger.warn(
      { path },
      `${path} is left over from a set-up that was interrupted. It is not used; you may delete it.`,
    )
  }
}

/** The rename itself must survive a power cut: the folder's entry is on disk only when the folder is synced. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : ''
  return stderr.trim() || error.message
}
