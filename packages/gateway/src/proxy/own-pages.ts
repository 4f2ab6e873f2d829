import type { ThreadContext } from '../worker/thread-context.ts'
import type { Call } from './call.ts'

/** A page of the gateway itself, such as `/health`. */
export interface OwnPage {
  status: number
  type: string
  body: string
}

/** Answers with a page of the gateway itself when there is one; the tenant's routes come first. It is not logged. */
export function answerOwnPage({ pages, isDraining }: ThreadContext, call: Call): boolean {
  if (call.method !== 'GET' && call.method !== 'HEAD') return false
  const page = pages.get(call.path)
  if (page === undefined) return false
  const { response } = call
  if (isDraining()) response.shouldKeepAlive = false
  response.writeHead(
    page.status,
    [
      ['x-request-id', call.requestId],
      ['content-type', page.type],
      ['cache-control', 'no-store'],
      ['content-length', String(Buffer.byteLength(page.body))],
    ].flat(),
  )
  response.end(call.method === 'HEAD' ? undefined : page.body)
  return true
}
