/** What passes between the server and a worker that runs user code. Everything that comes out of the sandbox is text. */

export interface CodeLimits {
  /** Time inside the sandbox, without what is awaited. */
  cpuMs: number
  stackBytes: number
  /** Characters of the JSON that a run results in. */
  resultLengthMax: number
  /** Characters of the JSON of one call's arguments. */
  callLengthMax: number
  /** Characters of all calls and answers of a run together. */
  passedLengthMax: number
  /** Calls of `db`, `fetch` and `secrets` in one run, and how many of them may be under way at once. */
  callsMax: number
  callsOpenMax: number
  consoleLinesMax: number
  consoleLengthMax: number
}

/** All that a sandbox takes, its own 2 MiB included. */
export const sandboxMemoryBytes = 64 * 1024 * 1024

export const codeLimits: CodeLimits = {
  cpuMs: 2_000,
  stackBytes: 256 * 1024,
  resultLengthMax: 4 * 1024 * 1024,
  callLengthMax: 2 * 1024 * 1024,
  passedLengthMax: 32 * 1024 * 1024,
  callsMax: 1_000,
  callsOpenMax: 32,
  consoleLinesMax: 200,
  consoleLengthMax: 32_768,
}

/** Why a run did not end well. `threw` is the code's own error; all others are limits or mistakes of form. */
export type CodeFailure =
  | 'syntax'
  | 'missing_function'
  | 'threw'
  | 'unsettled'
  | 'cpu'
  | 'timeout'
  | 'memory'
  | 'stack'
  | 'output'
  | 'crashed'
  | 'cancelled'

export interface CodeError {
  failure: CodeFailure
  message: string
  /** Places in the user's code, or ''. */
  stack: string
  /** What the error itself says, when it came from `db` or was given one: 404, `records.not_found`. */
  status: number | null
  code: string | null
}

export const consoleLevels = ['log', 'info', 'warn', 'error', 'debug'] as const
export interface ConsoleLine {
  level: (typeof consoleLevels)[number]
  text: string
}

export interface SandboxRun {
  /** The function that the code must declare. */
  entry: 'handler' | 'run'
  code: string
  /** JSON of the first argument. */
  argument: string
  limits: CodeLimits
}

export interface SandboxOutcome {
  /** JSON of `{ value?, body? }`: what the function returned, and the body of its request as it left it. */
  result: string | null
  error: CodeError | null
  console: ConsoleLine[]
  consoleDropped: number
  /** The worker must not be used again. */
  spent: boolean
}

export type ToWorker =
  | { kind: 'run'; run: SandboxRun }
  /** `text` is JSON: the value, or an error as `{ message, status, code, details }`. */
  | { kind: 'answer'; call: number; ok: boolean; text: string }

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'call'; call: number; name: string; text: string }
  | { kind: 'done'; outcome: SandboxOutcome }
