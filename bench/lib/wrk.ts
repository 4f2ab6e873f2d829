import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Measurement {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** Answers that were not a success; a measurement with any is worthless. */
  failures: number
}

export interface Load {
  url: string
  connections: number
  seconds: number
  core: number
  /** Lua that wrk runs: other methods, bodies, changing paths. */
  script?: string
}

const run = promisify(execFile)

/** Runs wrk on one core. Throws when it is not installed, with the command that installs it. */
export async function measure({ url, connections, seconds, core, script }: Load): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency']
    if (script !== undefined) {
      const path = join(directory, 'load.lua')
      writeFileSync(path, script)
      options.push('-s', path)
    }
    const { stdout } = await run('taskset', ['-c', String(core), 'wrk', ...options, url]).catch(
      (error: unknown) => {
        throw new Error('wrk could not run. Install it: apt-get install wrk', { cause: error })
      },
    )
    return read(stdout)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function read(text: string): Measurement {
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0)
  return {
    requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: milliseconds(/^\s+50%\s+(\S+)/m.exec(text)?.[1]),
    p99Ms: milliseconds(/^\s+99%\s+(\S+)/m.exec(text)?.[1]),
    failures:
      number(/Non-2xx or 3xx responses: (\d+)/) +
      ['connect', 'read', 'write', 'timeout'].reduce(
        (sum, kind) => sum + number(new RegExp(`Socket errors:.* ${kind} (\\d+)`)),
        0,
      ),
  }
}

/** `850.00us`, `1.20ms`, `2.01s`. */
function milliseconds(text = ''): number {
  const value = Number.parseFloat(text)
  if (text.endsWith('us')) return value / 1_000
  return text.endsWith('ms') ? value : value * 1_000
}
