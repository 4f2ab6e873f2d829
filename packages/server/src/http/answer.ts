import { isStream, type StreamedBody } from '@holdfast/contracts/kit/media'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import { Readable } from 'node:stream'
import type { CookieChange, Reply } from './handle.ts'

/** An answer as it goes out. */
export interface RenderedAnswer {
  status: number
  headers: Record<string, string>
  /** Undefined for an answer without a body. */
  payload: string | Readable | undefined
}

/** Holds a handler's result against the contract; throws when the route does not declare such an answer. */
export function renderAnswer(route: RouteShape, result: Reply<unknown>): RenderedAnswer {
  const status = result.status ?? Number(Object.keys(route.answers)[0])
  const schema = route.answers[status]
  if (schema === undefined) throw new Error(`${route.id} answered ${status}, which it does not declare.`)
  const headers = { 'cache-control': 'no-store', ...result.headers }
  if (schema === null) return { status, headers, payload: undefined }
  if (isStream(schema)) return { status, ...renderStream(result.body as StreamedBody, headers) }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    // Parsing strips what the contract does not name, so that nothing leaks by accident.
    payload: JSON.stringify(schema.parse(result.body)),
  }
}

function renderStream(streamed: StreamedBody, shared: Record<string, string>) {
  const headers: Record<string, string> = { ...shared, 'content-type': streamed.contentType }
  if (streamed.contentType === 'text/event-stream') headers['x-accel-buffering'] = 'no'
  if (streamed.fileName !== undefined)
    headers['content-disposition'] = `attachment; filename*=UTF-8''${encodeURIComponent(streamed.fileName)}`
  if (streamed.itemCount !== undefined) headers['x-total-count'] = String(streamed.itemCount)
  return { headers, payload: Readable.from(streamed.body, { objectMode: false }) }
}

/** `scheme` is what the client used: behind a proxy that ends TLS the cookie is secure all the same. */
export function cookieOptions(cookie: CookieChange, scheme: string) {
  const secure = scheme === 'https'
  const shared = { path: '/', httpOnly: cookie.readable !== true, sameSite: 'lax' as const, secure }
  return { ...shared, ...(cookie.value !== null && cookie.maxAgeSeconds && { maxAge: cookie.maxAgeSeconds }) }
}
