import { problem } from '@holdfast/contracts/problems'
import type { EndpointHandlers, EndpointModel, HandlerCode, Snapshot } from '../../model.ts'
import type { Answer, Call } from '../../records/call.ts'
import type { Operate } from '../../records/operations.ts'
import type { AnswerWithHandlers } from '../../records/runtime.ts'
import { createRecordCalls } from '../code/record-calls.ts'
import type { CodeResult, CodeRunner } from '../code/runner.ts'
import { answerOf, readReturned, refusal, type Returned, transformed } from './answers.ts'
import { type HandlerRequest, readRequest, withBody } from './request.ts'
import type { HandlerRuns } from './runs.ts'

/**
 * Handlers around an endpoint. In this order: every `pre`, then the operation or the `javascript` handler in its place,
 * then every `transform`, then every `post`.
 *
 * A `pre` changes the body or ends the request. `post` runs once the change is durable, so that its failure is recorded
 * and the caller still gets the answer. A caller who hangs up ends what comes before the change, and nothing after it. The failure of any other is 500 handlers.failed, whose reason only the author
 * reads; an error that carries a status from 400 to 499, as those of `db` do, is answered as that refusal.
 */
interface Needs {
  runner: CodeRunner
  runs: Pick<HandlerRuns, 'record'>
  snapshot: () => Snapshot
  operate: Operate
}

/** From the first to the last moment of one handler. */
export const handlerWallMs = 5_000

export function createHandlerChain({ runner, runs, snapshot, operate }: Needs): AnswerWithHandlers {
  return async ({ handlers, plan, viewer, call, match, requestId }, operateOn) => {
    const { endpoint } = plan
    const records = createRecordCalls({ snapshot, operate, own: endpoint.collection })
    const request = await readRequest(match, viewer, call)

    async function attempt(
      handler: HandlerCode,
      argument: HandlerRequest,
      signal?: AbortSignal,
    ): Promise<CodeResult> {
      const result = await runner.run({
        key: endpoint.id,
        entry: 'handler',
        code: handler.code,
        argument,
        wallMs: handlerWallMs,
        records,
        signal,
      })
      runs.record({ endpointId: endpoint.id, handler, requestId, result })
      return result
    }

    async function run(handler: HandlerCode, argument: HandlerRequest, signal?: AbortSignal) {
      const result = await attempt(handler, argument, signal)
      if (result.error !== null) throw failureOf(result.error, endpoint, handler)
      return { returned: readOrFail(result.value, endpoint, handler), body: result.body }
    }

    const untilGone: Run = (handler, argument) => run(handler, argument, call.signal())
    const ended = await prepare(handlers, request, untilGone)
    if (ended !== null) return ended
    if (handlers.javascript !== null)
      return answerOf((await untilGone(handlers.javascript, request)).returned)
    return around(handlers, request, call, operateOn, { run, attempt })
  }
}

type Run = (handler: HandlerCode, argument: HandlerRequest) => Promise<{ returned: Returned; body: unknown }>

/** Runs what comes before; answers the request when one of them does. */
async function prepare(
  handlers: EndpointHandlers,
  request: HandlerRequest,
  run: Run,
): Promise<Answer | null> {
  for (const handler of handlers.pre) {
    const { returned, body } = await run(handler, request)
    const { status, content } = returned
    if (status !== null) return answerOf(returned)
    request.body = content !== null && 'body' in content ? content.body : (body ?? null)
  }
  return null
}

interface After {
  run: Run
  attempt(handler: HandlerCode, argument: HandlerRequest): Promise<unknown>
}

async function around(
  { transform, post }: EndpointHandlers,
  request: HandlerRequest,
  call: Call,
  operateOn: (call: Call) => Promise<Answer>,
  { run, attempt }: After,
): Promise<Answer> {
  let answer = await operateOn(withBody(call, request.body, transform.length > 0))
  // A stream of changes has no end that a handler could see.
  if (typeof answer.body !== 'string' || answer.body === '') return answer
  const result = { status: answer.status, body: JSON.parse(answer.body) as unknown }
  for (const handler of transform) {
    const { returned } = await run(handler, { ...request, result })
    answer = transformed(answer, returned, result.body)
    result.status = answer.status
    if (typeof answer.body === 'string') result.body = JSON.parse(answer.body)
  }
  for (const handler of post) await attempt(handler, { ...request, result })
  return answer
}

function readOrFail(value: unknown, endpoint: EndpointModel, handler: HandlerCode): Returned {
  try {
    return readReturned(value)
  } catch (cause) {
    throw failed(endpoint, handler, cause)
  }
}

function failureOf(error: NonNullable<CodeResult['error']>, endpoint: EndpointModel, handler: HandlerCode) {
  if (error.failure === 'threw' && error.status !== null) {
    const isOurs = error.code !== null && /^[a-z_]{1,40}\.[a-z_]{1,60}$/.test(error.code)
    return refusal(
      error.status,
      error.message.replace(/^\w*Error: /, ''),
      isOurs ? (error.code ?? '') : undefined,
    )
  }
  return failed(endpoint, handler, new Error(`${error.failure}: ${error.message}`))
}

function failed(endpoint: EndpointModel, handler: HandlerCode, cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return problem('handlers.failed', {
    cause: new Error(`Handler "${handler.name}" of ${endpoint.method} ${endpoint.path}: ${reason}`),
  })
}
