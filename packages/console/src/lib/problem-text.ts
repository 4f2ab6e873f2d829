import { Problem } from '@holdfast/contracts/kit/problem'

/** A refusal as a person reads it: a sentence to act on, and behind it a code and a request id. */
export interface ProblemText {
  sentence: string
  code?: string
  requestId?: string
  /** One per bad field; the path is that of the field in the form, without `body.` before it. */
  details: ReadonlyArray<{ path: string; message: string }>
}

/** Whatever was thrown, in words for a person. Never shows a stack or a bare code as the sentence. */
export function describeProblem(thrown: unknown): ProblemText {
  if (thrown instanceof Problem) {
    return {
      sentence: thrown.message,
      code: thrown.code,
      ...(thrown.requestId === undefined ? {} : { requestId: thrown.requestId }),
      details: thrown.details.map(({ path, message }) => ({
        path: path.replace(/^body\.?/, ''),
        message: capitalize(message),
      })),
    }
  }
  if (thrown instanceof TypeError && /fetch|network|load failed/i.test(thrown.message)) {
    return {
      sentence: 'The server cannot be reached. Check your connection; nothing was changed.',
      details: [],
    }
  }
  return {
    sentence:
      'Something in the console went wrong. Reload the page; if it happens again, report the details.',
    code: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    details: [],
  }
}

/** The contract's messages continue a field's name ("must not be empty"); beside the field they stand alone. */
export function capitalize(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1)
}

/** The HTTP status of a refusal, or undefined when nothing answered. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Problem ? thrown.status : undefined
}
