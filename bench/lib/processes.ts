import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'

/** A child pinned to a core (or to a list such as `0,1`), with everything it starts. */
export interface PinnedProcess {
  pid: number
  hasEnded(): boolean
  /** What it wrote, for when it fails. */
  output(): string
  stop(): Promise<void>
}

export function startPinned(
  core: number | string,
  command: readonly string[],
  environment: Record<string, string> = {},
): PinnedProcess {
  const child = spawn('taskset', ['-c', String(core), ...command], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-20_000)))
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return { pid: child.pid ?? 0, hasEnded, output: () => text, stop: () => stopChild(child) }
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** Milliseconds until `url` answers with a success. Throws when the process takes more than a minute. */
export async function untilAnswer(
  url: string,
  started: PinnedProcess,
  headers: Record<string, string> = {},
): Promise<number> {
  const startedMs = performance.now()
  while (performance.now() - startedMs < 60_000 && !started.hasEnded()) {
    try {
      if ((await fetch(url, { headers })).ok) return performance.now() - startedMs
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`Nothing answered at ${url}. The process wrote:\n${started.output()}`)
}

/** Resolves when something listens on `port`. Throws when the process takes more than a minute. */
export async function untilListening(port: number, started: PinnedProcess): Promise<void> {
  const startedMs = performance.now()
  while (performance.now() - startedMs < 60_000 && !started.hasEnded()) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (isThere) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`Nothing listens on port ${port}. The process wrote:\n${started.output()}`)
}

/** Memory of a process and its descendants in megabytes; pages they share count once (proportional set size). */
export function memoryMb(pid: number): number {
  const kilobytes = familyOf(pid).map((member) =>
    Number(/^Pss:\s+(\d+)/m.exec(readText(`/proc/${member}/smaps_rollup`))?.[1] ?? 0),
  )
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024
}

const ticksPerSecond = 100

/** Processor time that a process and its descendants have used, in seconds. */
export function processorSeconds(pid: number): number {
  const ticks = familyOf(pid).map((member) => {
    // The name may hold spaces and brackets; what follows the last bracket begins with the third field (proc(5)).
    const fields = readText(`/proc/${member}/stat`).split(') ').at(-1)?.split(' ') ?? []
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  })
  return ticks.reduce((sum, value) => sum + value, 0) / ticksPerSecond
}

function familyOf(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = /\) \S (\d+) /.exec(readText(`/proc/${name}/stat`))?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const belongs = (candidate: number): boolean =>
    candidate === pid || (parents.has(candidate) && belongs(parents.get(candidate) ?? 0))
  return [...parents.keys()].filter(belongs)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process ended between listing and reading.
    return ''
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
