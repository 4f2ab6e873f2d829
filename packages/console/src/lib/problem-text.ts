/** A refusal as the API words it: a sentence to act on, and behind it a code and a request id. */
export interface ProblemText {
  sentence: string
  code?: string
  status?: number
  requestId?: string
  details: ReadonlyArray<{ path: string; message: string }>
}

interface ProblemLike {
  sentence: string
  code: string
  status: number
  requestId?: string
  details?: ReadonlyArray<{ path: string; message: string }>
}

function isProblem(value: unknown): value is ProblemLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sentence' in value &&
    typeof value.sentence === 'string' &&
    'code' in value &&
    typeof value.code === 'string'
  )
}

/** Whatever was thrown, in words for a person. Never shows a stack or a bare code as the sentence. */
export function describeProblem(thrown: unknown): ProblemText {
  if (isProblem(thrown)) return pick(thrown)
  if (thrown instanceof TypeError && /fetch|network|load failed/i.test(thrown.message)) {
    return {
      sentence: 'The server cannot be reached. Check your connection; nothing was changed.',
      details: [],
    }
  }
  return {
    sentence: 'Something in the console went wrong. Reload the page; if it happens again, report the details below.',
    code: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    details: [],
  }
}

function pick(problem: ProblemLike): ProblemText {
  return {
    sentence: problem.sentence,
    code: problem.code,
    status: problem.status,
    ...(problem.requestId ? { requestId: problem.requestId } : {}),
    details: problem.details ?? [],
  }
}

/** The HTTP status of a refusal, or undefined when nothing answered. */
export function statusOf(thrown: unknown): number | undefined {
  return isProblem(thrown) ? thrown.status : undefined
}

/** The code of a refusal (`auth.csrf_invalid`). */
export function codeOf(thrown: unknown): string | undefined {
  return isProblem(thrown) ? thrown.code : undefined
}
