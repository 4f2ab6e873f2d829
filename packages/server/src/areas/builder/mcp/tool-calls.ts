import { isFinished, Operation } from '@holdfast/contracts/platform/operations'
import type { Actor, Context } from '../../../context.ts'
import type { NewActivity } from '../../platform/activity/rules.ts'
import type { CallProduct } from '../endpoints/tester.ts'
import { namesRecord, recordParameter } from '../endpoints/record-operations.ts'
import type { DispatchResponse, RecordRuntime } from '../model.ts'
import { RpcError, rpcCodes, type Tool, type ToolArguments } from './model.ts'
import { requestUrl } from './rules.ts'

/** Who calls, with the headers that a request of theirs carries. */
export interface Caller {
  ctx: Context
  /** Credential, CSRF token, origin and organization, by lower-case name. */
  headers: Readonly<Record<string, string>>
}

export interface ToolResult {
  isError: boolean
  content: { type: 'text'; text: string }[]
  structuredContent?: Record<string, unknown>
  [key: string]: unknown
}

/** Told how far a slow call is. */
export type OnProgress = (done: number, total: number | null, message: string | null) => Promise<void>

export interface ToolCalls {
  /**
   * Makes the request that the tool stands for, as the caller: guard, validation, limits and audit are those of the
   * request. A refusal is a result with `isError`. With `onProgress` an operation that the request starts is followed to
   * its end; `signal` cancels it.
   */
  call(
    caller: Caller,
    tool: Tool,
    input: ToolArguments,
    how: { signal: AbortSignal; onProgress: OnProgress | null },
  ): Promise<ToolResult>
}

interface Needs {
  runtime: RecordRuntime
  callProduct: CallProduct
  operations: { watch(ctx: Context, id: string, afterVersion: number): AsyncIterable<Operation> }
  activity: { recordFor(ctx: Context, entry: NewActivity): void }
  /** Milliseconds that only go forward. */
  elapsedMs: () => number
}

/** More than a model can read; the request is to ask for less. */
const answerLengthMax = 1_000_000

export function createToolCalls({ runtime, callProduct, operations, activity, elapsedMs }: Needs): ToolCalls {
  function send({ ctx, headers }: Caller, tool: Tool, input: ToolArguments, signal: AbortSignal) {
    const ip = ctx.ip ?? '127.0.0.1'
    const { method } = tool
    const body = method === 'GET' || method === 'DELETE' ? undefined : input.body
    if ('endpoint' in tool.calls) {
      const url = requestUrl(withRecord(tool, input), input)
      return runtime.dispatch({
        ctx: { ...ctx, signal },
        method,
        url,
        headers: { ...headers, ...input.headers },
        body: body ?? (method === 'DELETE' ? input.body : undefined),
        ip,
        applyNetworkAccess: true,
        origin: 'mcp',
      })
    }
    const [stray] = Object.keys(input.headers)
    if (stray !== undefined)
      throw new RpcError(rpcCodes.invalidParams, `The tool ${tool.name} takes no headers, but ${stray} came.`)
    return callProduct({ method, url: requestUrl(tool.path, input), headers: { ...headers }, body, ip })
  }

  /** Follows what a 202 has started until it is finished, or asks it to stop. */
  async function follow(caller: Caller, started: Operation, signal: AbortSignal, onProgress: OnProgress) {
    const { ctx, headers } = caller
    let last = started
    for await (const operation of operations.watch({ ...ctx, signal }, started.id, 0)) {
      last = operation
      await onProgress(operation.progress.done, operation.progress.total, operation.message)
    }
    // It ends the watching alone: whoever hangs up has not cancelled (specification, Cancellation).
    if (!isFinished(last) && signal.aborted) {
      await callProduct({
        method: 'DELETE',
        url: `/api/operations/${last.id}`,
        headers: { ...headers },
        body: undefined,
        ip: ctx.ip ?? '127.0.0.1',
      })
    }
    return last
  }

  return {
    async call(caller, tool, input, { signal, onProgress }) {
      const startedMs = elapsedMs()
      let status: number | null = null
      try {
        const response = await send(caller, tool, input, signal)
        status = response.status
        const operation = response.status === 202 && onProgress !== null ? operationIn(response.body) : null
        if (operation === null || onProgress === null) return resultOf(response, tool)
        const finished = await follow(caller, operation, signal, onProgress)
        const body = { success: finished.state === 'succeeded', data: finished }
        return resultOf({ ...response, body, status: finished.state === 'failed' ? 500 : 200 }, tool)
      } finally {
        const { name, kind } = tool
        activity.recordFor(caller.ctx, {
          action: 'mcp_call',
          source: 'mcp',
          endpointId: 'endpoint' in tool.calls ? tool.calls.endpoint.id : null,
          message: `${name}: ${status ?? 'refused'}`,
          statusCode: status,
          responseTimeMs: Math.round((elapsedMs() - startedMs) * 100) / 100,
          details: { tool: name, kind },
        })
      }
    },
  }
}

/** The template of the path, with a place for the record that `params.id` names below a collection. */
function withRecord({ path, method }: Tool, { params }: ToolArguments): string {
  const name = recordParameter(path)
  return params[name] === undefined || namesRecord(path) || method === 'POST' ? path : `${path}/:${name}`
}

function operationIn(body: unknown): Operation | null {
  const candidates = [body, (body as { data?: unknown } | null)?.data]
  for (const candidate of candidates) {
    const parsed = Operation.safeParse(candidate)
    if (parsed.success) return parsed.data
  }
  return null
}

function resultOf({ status, headers, body }: DispatchResponse, tool: Tool): ToolResult {
  const text = JSON.stringify(body ?? { status })
  const isError = status >= 400
  if (text.length > answerLengthMax) {
    throw new RpcError(
      rpcCodes.failed,
      `The request was answered with ${status}, but the answer is longer than ${answerLengthMax} characters. Ask for less, with query.limit or query.fields.`,
    )
  }
  const structured =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : { result: body ?? null }
  const content: ToolResult['content'] = [{ type: 'text', text }]
  // What If-Match wants next time.
  if ('endpoint' in tool.calls && headers.etag !== undefined)
    content.push({ type: 'text', text: `ETag: ${headers.etag}` })
  return { isError, content, structuredContent: structured }
}

/** Whose calls are counted and cancelled together: a session's or a token's. */
export function callerKey(actor: Actor): string {
  if (actor.kind !== 'user') return 'nobody'
  return `${actor.userId} ${actor.token?.id ?? actor.sessionId ?? ''}`
}
