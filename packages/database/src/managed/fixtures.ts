/** What the tests of the private PostgreSQL share: folders, a second process, a query. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmdirSync, writeSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, type ClientConfig } from 'pg'
import { temporaryDataDirectory } from '../testing.ts'

export const isRoot = process.getuid?.() === 0
/** The classic number of `nobody` on Linux; any number without a name would do as well. */
export const ordinaryUid = 65_534

/** A folder that the ordinary user owns (ourselves when we are one). */
export async function ordinaryDataDirectory(): Promise<string> {
  const directory = await temporaryDataDirectory()
  if (isRoot) await chown(directory, ordinaryUid, ordinaryUid)
  return directory
}

/** Runs one statement as the given role and returns its rows. */
export async function query(config: ClientConfig, text: string): Promise<unknown[]> {
  const client = new Client(config)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

export interface OtherProcess {
  readonly child: ChildProcess
  /** What it printed first, as JSON. */
  readonly answer: Promise<Record<string, unknown>>
}

/** Starts a managed PostgreSQL in a process of its own; `end` its standard input to make it stop in good order. */
export function startElsewhere(
  dataDirectory: string,
  options: { ordinary?: boolean; sources?: string[] } = {},
): OtherProcess {
  const asOrdinary = options.ordinary && isRoot ? { uid: ordinaryUid, gid: ordinaryUid } : {}
  const script = fileURLToPath(new URL('start-elsewhere.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    [script, dataDirectory, (options.sources ?? ['system', 'bundle']).join()],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      cwd: '/',
      ...asOrdinary,
    },
  )
  const answer = once(child.stdout, 'data').then(
    ([data]) => JSON.parse(String(data)) as Record<string, unknown>,
  )
  return { child, answer }
}

/** Writes until nothing more fits. */
export function fill(path: string): void {
  const descriptor = openSync(path, 'w')
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(descriptor)
  }
}

/** Filling a disk needs a small one of one's own; containers often may not mount. */
export function mayMount(): boolean {
  if (!isRoot || process.platform !== 'linux') return false
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory], { stdio: 'ignore' })
    execFileSync('umount', [directory])
    return true
  } catch {
    return false
  } finally {
    rmdirSync(directory)
  }
}
