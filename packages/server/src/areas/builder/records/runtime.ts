import { problem } from '@holdfast/contracts/problems'
import type { Logger } from '@holdfast/kernel/logger'
import { renderProblem, toProblem } from '../../../http/problem-writer.ts'
import type { Match } from '../model.ts'
import { admit, type Viewer } from './admission.ts'
import type { Bulk } from './bulk.ts'
import type { Answer, Call } from './call.ts'
import type { Live } from './live.ts'
import { planOf } from './plan.ts'
import type { Reading } from './reading.ts'
import { type CallWindows, LimitReached } from './windows.ts'
import type { Writing } from './writing.ts'

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

interface Needs {
  reading: Reading
  writing: Writing
  bulk: Bulk
  live: Live
  windows: CallWindows
  logger: Logger
}

export function createRuntime({ reading, writing, bulk, live, windows, logger }: Needs): Runtime {
  async function serve(
    { endpoint, recordId }: Match,
    call: Call,
    known: (viewer: Viewer) => void,
  ): Promise<Answer> {
    const plan = planOf(endpoint)
    const { viewer, headers } = await admit(plan, call, windows)
    known(viewer)
    const answer = await operate(plan, viewer, call, recordId)
    if (headers.length > 0) answer.headers.push(...headers)
    return answer
  }

  function operate(
    plan: ReturnType<typeof planOf>,
    viewer: Viewer,
    call: Call,
    recordId: string | null,
  ): Promise<Answer> {
    switch (call.method) {
      case 'POST':
        return recordId === null
          ? writing.create(plan, viewer, call)
          : Promise.reject(problem('records.not_found'))
      case 'PUT':
      case 'PATCH':
        return recordId === null
          ? bulk.change(plan, viewer, call)
          : writing.change(plan, viewer, call, recordId)
      case 'DELETE':
        return recordId === null
          ? bulk.remove(plan, viewer, call)
          : writing.remove(plan, viewer, call, recordId)
      default:
        if (recordId !== null) return reading.get(plan, viewer, call, recordId)
        return call.method === 'GET' && wantsEvents(call)
          ? live.listen(plan, viewer, call)
          : reading.list(plan, viewer, call)
    }
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
    async answer(match, call, requestId, known) {
      try {
        return await serve(match, call, known)
      } catch (error) {
        return refuse(error, call, requestId())
      }
    },
    refuse,
  }
}

function wantsEvents(call: Call): boolean {
  return call.header('accept')?.includes('text/event-stream') === true
}
