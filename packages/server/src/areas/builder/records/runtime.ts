import type { Logger } from '@holdfast/kernel/logger'
import { renderProblem, toProblem } from '../../../http/problem-writer.ts'
import type { EndpointHandlers, Match } from '../model.ts'
import { admit, type Viewer } from './admission.ts'
import type { Answer, Call } from './call.ts'
import type { Operate } from './operations.ts'
import { type Plan, planOf } from './plan.ts'
import { type CallWindows, LimitReached } from './windows.ts'

/**
 * The record runtime: answers every path that an endpoint defines. It bypasses the generic route layer for speed and keeps
 * its promises: the same order of checks, the same problems, the same headers.
 */
export interface Runtime {
  /** Never throws: a refusal is an answer too. Calls `known` with who asked as soon as that is clear. */
  answer(match: Match, call: Call, requestId: () => string, known: (viewer: Viewer) => void): Promise<Answer>
  /** The answer for what was thrown. */
  refuse(error: unknown, call: Pick<Call, 'method' | 'path'>, requestId: string): Answer
}

/** Answers for an endpoint with handlers, around `operate` or instead of it. */
export type AnswerWithHandlers = (
  request: {
    plan: Plan
    handlers: EndpointHandlers
    viewer: Viewer
    call: Call
    match: Match
    requestId: string
  },
  operate: (call: Call) => Promise<Answer>,
) => Promise<Answer>

interface Needs {
  operate: Operate
  answerWithHandlers: AnswerWithHandlers
  windows: CallWindows
  logger: Logger
}

export function createRuntime({ operate, answerWithHandlers, windows, logger }: Needs): Runtime {
  async function serve(
    match: Match,
    call: Call,
    requestId: () => string,
    known: (viewer: Viewer) => void,
    limitHeaders: string[],
  ): Promise<Answer> {
    const { endpoint, recordId } = match
    const plan = planOf(endpoint)
    const viewer = await admit(plan, call, windows, limitHeaders)
    known(viewer)
    const { handlers } = endpoint
    return handlers === null
      ? operate(plan, viewer, call, recordId)
      : answerWithHandlers({ plan, handlers, viewer, call, match, requestId: requestId() }, (own) =>
          operate(plan, viewer, own, recordId),
        )
  }

  function refuse(thrown: unknown, call: Pick<Call, 'method' | 'path'>, requestId: string): Answer {
    const limit = thrown instanceof LimitReached ? thrown : null
    const refusal = toProblem(limit?.cause ?? thrown)
    if (refusal.status >= 500) {
      const message =
        refusal.status === 500 ? 'A record request failed' : 'A record request could not be served'
      logger.error(
        { requestId, method: call.method, path: call.path, err: refusal.cause ?? refusal },
        message,
      )
    }
    const { status, headers, body } = renderProblem(refusal, call.path, requestId)
    return {
      status,
      headers: [...Object.entries(headers).flat(), ...(limit?.headers ?? [])],
      body: JSON.stringify(body),
    }
  }

  return {
    async answer(match, call, makeRequestId, known) {
      let id: string | undefined
      const requestId = () => (id ??= makeRequestId())
      const limitHeaders: string[] = []
      const answer = await serve(match, call, requestId, known, limitHeaders).catch((error: unknown) =>
        refuse(error, call, requestId()),
      )
      if (limitHeaders.length > 0) answer.headers.push(...limitHeaders)
      return answer
    },
    refuse,
  }
}
