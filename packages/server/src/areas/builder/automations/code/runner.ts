import { isProblem } from '@holdfast/contracts/kit/problem'
import { parseBody } from '../../records/body.ts'
import { createMasking } from './masking.ts'
import type { CodePool, HostCalls } from './pool.ts'
import { type CodeError, codeLimits, type ConsoleLine, type SandboxRun } from './protocol.ts'

/**
 * Runs user code with what it may reach: `db`, `fetch`, `log` and `secrets`, nothing else. Whatever comes out has been
 * parsed from text here, and holds no secret that the code has read.
 */
export interface CodeRunner {
  /** Throws code.busy. Failures of the code are results. */
  run(run: CodeRun): Promise<CodeResult>
}

export interface CodeRun {
  /** Runs of one key never take all workers. */
  key: string
  entry: SandboxRun['entry']
  code: string
  /** Must be JSON. Null for `run()`. */
  argument: unknown
  wallMs: number
  /** Time inside the sandbox. */
  cpuMs?: number
  records: (name: string, values: readonly unknown[], signal: AbortSignal) => Promise<unknown>
  signal?: AbortSignal | undefined
}

export interface CodeResult {
  /** What the function returned; undefined when nothing. */
  value: unknown
  /** `body` of its argument as it left it. */
  body: unknown
  error: CodeError | null
  console: ConsoleLine[]
  consoleDropped: number
  durationMs: number
}

interface Needs {
  pool: Pick<CodePool, 'run'>
  outgoingCall: (values: readonly unknown[], signal: AbortSignal) => Promise<unknown>
  /** The value of a secret. Throws secrets.not_found. */
  openSecret(name: string): Promise<string>
}

export function createCodeRunner({ pool, outgoingCall, openSecret }: Needs): CodeRunner {
  return {
    async run({ argument, records, cpuMs = codeLimits.cpuMs, ...run }) {
      const opened = new Set<string>()
      const calls: HostCalls = async (name, values, signal) => {
        if (name.startsWith('db.')) return records(name.slice(3), values, signal)
        if (name === 'fetch') return outgoingCall(values, signal)
        if (name !== 'secrets.get') throw new Error(`There is no function ${name}.`)
        const value = await openSecret(String(values[0]))
        opened.add(value)
        return value
      }
      const { result, error, console, ...facts } = await pool.run({
        ...run,
        argument: JSON.stringify(argument),
        limits: { ...codeLimits, cpuMs },
        calls,
      })
      const masked = createMasking(opened)
      return {
        ...facts,
        console: console.map(({ level, text }) => ({ level, text: masked(text) })),
        ...read(result === null ? null : masked(result), error, masked),
      }
    },
  }
}

function read(
  text: string | null,
  error: CodeError | null,
  masked: (text: string) => string,
): Pick<CodeResult, 'value' | 'body' | 'error'> {
  const nothing = { value: undefined, body: undefined }
  if (error !== null)
    return { ...nothing, error: { ...error, message: masked(error.message), stack: masked(error.stack) } }
  if (text === null) return { ...nothing, error: null }
  try {
    const { value, body } = parseBody(text) as { value?: unknown; body?: unknown }
    return { value, body, error: null }
  } catch (cause) {
    // A result that could not be stored or sent on: nested too deep, or with a property that other code might trip over.
    if (!isProblem(cause)) throw cause
    const message = `What the function returned cannot be passed on. ${cause.message}`
    return { ...nothing, error: { failure: 'output', message, stack: '', status: null, code: null } }
  }
}
