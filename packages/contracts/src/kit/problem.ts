import type { ProblemCode } from '../problems.ts'

/** One entry of the problems catalogue. `sentence` tells a person what is wrong and what to do. */
export interface ProblemDefinition {
  status: number
  sentence: string
}

/** Declares one area's problems; keys are `area.noun_state`. */
export function defineProblems<const P extends Record<string, ProblemDefinition>>(problems: P): P {
  return problems
}

export interface ProblemDetail {
  /** JSON path of the bad field: `body.name`, `query.limit`, `body.schema.2.type`. */
  path: string
  message: string
}

export interface ProblemOptions {
  /** Replaces the catalogue's sentence when the facts allow a more helpful one. */
  sentence?: string
  details?: ProblemDetail[]
  retryAfterSeconds?: number
  /** Facts a program may need, merged into the answer beside `details` (a count of affected records, say). */
  data?: Record<string, unknown>
  cause?: unknown
}

/** An expected refusal. Thrown by services, rendered by the server, rebuilt by the client. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly status: number
  readonly details: ProblemDetail[]
  readonly retryAfterSeconds: number | undefined
  readonly data: Record<string, unknown> | undefined
  /** Filled by the client from the answer. */
  readonly requestId: string | undefined

  constructor(
    code: string,
    status: number,
    sentence: string,
    options: ProblemOptions & { requestId?: string },
  ) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = status
    this.details = options.details ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
    this.data = options.data
    this.requestId = options.requestId
  }
}

/** True when `error` is the named problem. */
export function isProblem(error: unknown, code?: ProblemCode): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code)
}
