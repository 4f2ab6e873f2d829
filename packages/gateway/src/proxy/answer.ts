import { pushLimitHeaders } from '../policies/rate-limit.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import type { Call } from './call.ts'
import { type RefusalCode, refusalBody, refusals } from './refusals.ts'

/** Headers that every answer carries, flat. */
export function ownHeaders(call: Call): string[] {
  const headers = ['x-request-id', call.requestId]
  pushLimitHeaders(headers, call)
  const cors = call.route?.cors
  if (cors !== undefined && cors !== null) headers.push(...cors.answer(call.head.origin))
  return headers
}

/** Answers with an error of the gateway's own; the request is over with it. `message` goes to the error inbox alone. */
export function refuse(
  context: ThreadContext,
  call: Call,
  code: RefusalCode,
  options: { message?: string; close?: boolean } = {},
): void {
  const { response } = call
  const [status] = refusals[code]
  const body = refusalBody(code, call.requestId)
  const headers = ownHeaders(call)
  headers.push('content-type', 'application/json', 'content-length', String(Buffer.byteLength(body)))
  if (status === 401) headers.push('www-authenticate', 'Bearer')
  if (status === 503) headers.push('retry-after', '1')
  if (options.close === true || context.isDraining()) response.shouldKeepAlive = false
  response.writeHead(status, headers)
  response.end(body)
  context.recorder.record(call, status, code, options.message ?? refusals[code][1])
}

/** Answers a preflight (Fetch Standard §4.8). */
export function answerPreflight(context: ThreadContext, call: Call, headers: readonly string[]): void {
  call.response.writeHead(204, ['x-request-id', call.requestId, ...headers])
  call.response.end()
  context.recorder.record(call, 204, null, null)
}
