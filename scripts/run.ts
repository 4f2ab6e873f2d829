import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'

export const repositoryRoot = dirname(import.meta.dirname)

/** A command of the tooling, given as words: no shell, so nothing needs quoting. */
export interface Command {
  name: string
  /** Program and arguments; `node` is the Node that runs this script. */
  words: readonly [string, ...string[]]
  env?: Readonly<Record<string, string>>
}

export interface Outcome {
  name: string
  passed: boolean
  durationMs: number
  output: string
}

/** Runs a command in the repository and answers how it went. `stream` shows its output while it runs. */
export function run(command: Command, options: { stream: boolean }): Promise<Outcome> {
  const startedMs = performance.now()
  const [program, ...words] = command.words
  return new Promise((resolve) => {
    const child = spawn(program === 'node' ? process.execPath : program, words, {
      cwd: repositoryRoot,
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0', ...command.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: string[] = []
    const collect = (chunk: Buffer) => {
      chunks.push(chunk.toString('utf8'))
      if (options.stream) process.stdout.write(chunk)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const finish = (passed: boolean) =>
      resolve({
        name: command.name,
        passed,
        durationMs: performance.now() - startedMs,
        output: chunks.join(''),
      })
    child.once('error', (error) => {
      chunks.push(error.message)
      finish(false)
    })
    child.once('close', (code) => finish(code === 0))
  })
}

/** Path of a package's program, to be run with `node`. */
export function programOf(...path: string[]): string {
  return join(repositoryRoot, 'node_modules', ...path)
}

/** `12.3 s`. */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`
}
