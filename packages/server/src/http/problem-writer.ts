import { Problem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import { isConnectionError, isOutOfResources } from '@holdfast/database/errors'

export interface ProblemAnswer {
  status: number
  headers: Record<string, string>
  body: Record<string, unknown>
}

/** Fastify's own refusals, as problems of ours. */
const fastifyCodes: Record<string, Parameters<typeof problem>[0]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.malformed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.type_unsupported',
  FST_ERR_CTP_INVALID_TYPE: 'request.type_unsupported',
  FST_ERR_BAD_URL: 'request.route_unknown',
}

/** Turns whatever was thrown into a problem. Everything unexpected becomes `server.failed` and keeps its cause. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (isConnectionError(error)) return problem('server.unavailable', { retryAfterSeconds: 2, cause: error })
  if (isOutOfResources(error)) {
    return problem('server.unavailable', {
      sentence: 'The database has run out of disk space or memory. Give it more, and try again.',
      retryAfterSeconds: 30,
      cause: error,
    })
  }
  if (error instanceof SyntaxError && 'statusCode' in error)
    return problem('request.malformed', { cause: error })
  const code = error instanceof Error && 'code' in error ? fastifyCodes[String(error.code)] : undefined
  if (code !== undefined) return problem(code, { cause: error })
  return problem('server.failed', { cause: error })
}

/** For a body whose bytes are no text (RFC 8259 §8.1). */
export function notUtf8(): Problem {
  return problem('request.malformed', {
    sentence: 'The body is not valid UTF-8. Encode it as UTF-8 and send it again.',
  })
}

/** The wire form of a problem: reference 004 writes snake case, everything under /api camel case with `success`. */
export function renderProblem(refusal: Problem, path: string, requestId: string): ProblemAnswer {
  const details = refusal.details.length > 0 ? { details: refusal.details } : {}
  const shared = { error: refusal.message, code: refusal.code, ...refusal.data, ...details }
  const headers: Record<string, string> = {}
  if (refusal.retryAfterSeconds !== undefined)
    headers['retry-after'] = String(Math.ceil(refusal.retryAfterSeconds))
  const body = path.startsWith('/v1/')
    ? { ...shared, request_id: requestId }
    : { success: false, ...shared, requestId }
  return { status: refusal.status, headers, body }
}
