/** One run of the `postgres` program: start it, read what it wrote, end it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { open, readFile, readlink, realpath, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type PostgresBinaries, postgresEnvironment } from './binaries.ts'
import type { RunAs } from './run-as.ts'
import { type ServerSettingsOptions, serverArguments } from './server-settings.ts'
import { explainFileError } from './start-error.ts'

const logBytesMax = 4 * 1024 * 1024
const tailBytesMax = 8 * 1024

export interface ServerExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why the program could not even be run. */
  readonly error?: Error
}

export interface ServerProcess {
  readonly pid: number | undefined
  /** Set when the program has ended. */
  readonly exit: ServerExit | null
  readonly ended: Promise<ServerExit>
  /** What this run has written so far, at most the last 8 KB. */
  output(): Promise<string>
}

export interface ServerProcessOptions extends ServerSettingsOptions {
  readonly binaries: PostgresBinaries
  readonly cluster: string
  readonly logFile: string
  readonly runAs: RunAs | null
}

/**
 * Starts `postgres` in a session of its own: Ctrl-C goes to the whole foreground group, and PostgreSQL must outlive the
 * requests that are still being answered. It writes to a file rather than a pipe, so it also survives our sudden death.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { binaries, cluster, logFile, runAs } = options
  await rotateLog(logFile)
  const { descriptor, offset } = openLog(logFile)
  let child: ChildProcess
  try {
    child = spawn(join(binaries.directory, 'postgres'), ['-D', cluster, ...serverArguments(options)], {
      cwd: '/',
      detached: true,
      env: postgresEnvironment(binaries.libraryDirectory),
      stdio: ['ignore', descriptor, descriptor],
      ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
    })
  } finally {
    closeSync(descriptor)
  }
  child.unref()
  let exit: ServerExit | null = null
  const ended = new Promise<ServerExit>((resolve) => {
    child.once('error', (error) => resolve((exit = { code: null, signal: null, error })))
    child.once('exit', (code, signal) => resolve((exit = { code, signal })))
  })
  return {
    pid: child.pid,
    get exit() {
      return exit
    },
    ended,
    output: () => readTail(logFile, offset),
  }
}

async function rotateLog(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (file) => file.size,
    () => 0,
  )
  if (size > logBytesMax) await rename(logFile, `${logFile}.1`)
}

function openLog(logFile: string): { descriptor: number; offset: number } {
  try {
    const descriptor = openSync(logFile, 'a', 0o600)
    return { descriptor, offset: fstatSync(descriptor).size }
  } catch (error) {
    throw explainFileError(error, logFile)
  }
}

/** The end of a file from `offset` on, at most 8 KB; empty when there is no such file. */
export async function readTail(path: string, offset = 0): Promise<string> {
  const handle = await open(path, 'r').catch(() => null)
  if (!handle) return ''
  try {
    const { size } = await handle.stat()
    const start = Math.max(offset, size - tailBytesMax)
    const buffer = Buffer.alloc(Math.max(0, size - start))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Sends a signal; false when the process no longer exists. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/**
 * A crash leaves `postmaster.pid` behind, and the number in it may since belong to another program of the same user;
 * PostgreSQL then refuses to start. Moves the file aside when that process certainly is not a PostgreSQL of this folder.
 * PostgreSQL still checks for surviving backends by their shared memory, which is keyed by the folder.
 * @returns the process that does hold the folder, or null when the file was stale and is out of the way
 */
export async function moveStalePidFile(cluster: string): Promise<number | null> {
  const path = join(cluster, 'postmaster.pid')
  const text = await readFile(path, 'utf8').catch(() => '')
  const pid = Math.abs(Number.parseInt(text, 10))
  if (!pid) return null
  if (await mayBePostgresOf(pid, cluster)) return pid
  await rename(path, `${path}.stale`)
  return null
}

async function mayBePostgresOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    // PostgreSQL works in its data directory. Only processes that we may inspect can be in PostgreSQL's way.
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => null)
    return directory !== null && directory === (await realpath(cluster))
  }
  const { execFile } = await import('node:child_process')
  const name = await new Promise<string>((resolve) => {
    execFile('ps', ['-o', 'comm=', '-p', String(pid)], (_error, stdout) => resolve(stdout))
  })
  return name.includes('postgres')
}
