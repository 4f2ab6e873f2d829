import type { Match } from '../../model.ts'
import type { Viewer } from '../../records/admission.ts'
import { parseBody } from '../../records/body.ts'
import type { Call } from '../../records/call.ts'

/** `req` of a handler. */
export interface HandlerRequest {
  method: string
  path: string
  params: Readonly<Record<string, string>>
  query: Record<string, string>
  headers: Record<string, string>
  /** Null without a body. */
  body: unknown
  user: { id: string; login: string; groupIds: readonly string[] } | null
  /** What the operation answered; for post and transform alone. */
  result?: { status: number; body: unknown }
}

/** What proves who somebody is stays with the product: code is told who, not how. */
const credentialHeaders = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-api-key',
  'x-csrf-token',
])

/** Reads the body, which can be done once: the caller hands it on with `withBody`. Throws request.malformed. */
export async function readRequest(match: Match, viewer: Viewer, call: Call): Promise<HandlerRequest> {
  const hasBody = call.method !== 'GET' && call.method !== 'HEAD'
  const text = hasBody ? await call.readText() : ''
  const { actor } = viewer
  return {
    method: call.method,
    path: call.path,
    params:
      match.recordId === null || Object.hasOwn(match.params, 'id')
        ? match.params
        : { ...match.params, id: match.recordId },
    query: Object.fromEntries(new URLSearchParams(call.query)),
    headers: shownHeaders(call.headers()),
    body: text === '' ? null : parseBody(text),
    user: actor.kind === 'user' ? { id: actor.userId, login: actor.login, groupIds: actor.groupIds } : null,
  }
}

export function shownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !credentialHeaders.has(name)))
}

/**
 * The call as the operation sees it: with the body as handlers left it. What a transform answers may change without the
 * record, so that such a call is never told that nothing changed.
 */
export function withBody(call: Call, body: unknown, isTransformed: boolean): Call {
  return {
    ...call,
    header: (name) => (isTransformed && name === 'if-none-match' ? undefined : call.header(name)),
    readText: async () => (body === null || body === undefined ? '' : JSON.stringify(body)),
  }
}
