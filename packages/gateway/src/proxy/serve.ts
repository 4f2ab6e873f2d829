import { findRoute } from '../match/snapshot.ts'
import { readPath } from '@holdfast/contracts/gateway/match/path'
import { anonymous, type Caller, identify } from '../policies/caller.ts'
import { takeFromLimit } from '../policies/rate-limit.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import { answerPreflight, refuse } from './answer.ts'
import type { Call } from './call.ts'
import { bodySizeBytesMax } from './serve-bounds.ts'
import { startForwarding } from './forwarding.ts'
import { answerOwnPage } from './own-pages.ts'
import type { RefusalCode } from './refusals.ts'

/**
 * A request's way: what it says, from where, which route, by whom, how often, how large; then on to the service. The order
 * is from cheap to dear, and nobody without a credential learns more than that one is needed.
 */
export function serve(context: ThreadContext, call: Call): void {
  const problem = malformed(context, call)
  if (problem !== null) {
    refuse(context, call, problem, { close: true })
    return
  }
  const path = readPath(call.path)
  if (path === null) {
    refuse(context, call, 'AMBIGUOUS_PATH')
    return
  }
  const { snapshot, clientAddress, head } = call
  if (snapshot.addresses !== null && !snapshot.addresses(clientAddress)) {
    refuse(context, call, 'IP_RESTRICTED')
    return
  }
  if (call.method === 'OPTIONS' && head.origin !== null && head.corsMethod !== null) {
    const route = findRoute(snapshot, head.corsMethod, call.host, path)
    const headers = route?.cors?.preflight(head.origin, head.corsMethod, head.corsHeaders)
    if (route?.cors !== undefined && route.cors !== null) {
      // A refused preflight is answered without permission: the browser draws the conclusion.
      answerPreflight(context, call, headers ?? ['vary', 'Origin'])
      return
    }
  }
  call.route = findRoute(snapshot, call.method, call.host, path)
  if (call.route === null) {
    if (!answerOwnPage(context, call)) refuse(context, call, 'ROUTE_NOT_FOUND')
    return
  }
  if (call.route.addresses !== null && !call.route.addresses(clientAddress)) {
    refuse(context, call, 'IP_RESTRICTED')
    return
  }
  const caller = identify(context, call)
  if (caller instanceof Promise) {
    // The only thing on the way that is waited for. What jose throws beside its own errors is a fault of ours.
    caller.then(
      (found) => admit(context, call, found),
      (error: unknown) => refuse(context, call, 'SERVICE_UNAVAILABLE', { message: String(error) }),
    )
  } else admit(context, call, caller)
}

function admit(context: ThreadContext, call: Call, caller: Caller | RefusalCode): void {
  if (typeof caller === 'string') {
    // Guessing keys is bounded as anonymous calls are.
    const mayGuess = takeFromLimit(context, call, anonymous(context, call))
    refuse(context, call, mayGuess ? caller : 'RATE_LIMIT_EXCEEDED')
    return
  }
  if (!takeFromLimit(context, call, caller)) {
    refuse(context, call, 'RATE_LIMIT_EXCEEDED')
    return
  }
  const { route, head, snapshot } = call
  if (head.contentLength !== null && Number(head.contentLength) > bodySizeBytesMax(call)) {
    refuse(context, call, 'REQUEST_TOO_LARGE', { close: true })
    return
  }
  call.service = route === null ? null : (snapshot.services.get(route.config.serviceId) ?? null)
  if (call.service === null) {
    refuse(context, call, 'SERVICE_NOT_FOUND')
    return
  }
  startForwarding(context, call, call.service)
}

/** What llhttp lets pass although it is no proper request, or may be read in two ways (RFC 9112 §3.2, §6.1). */
function malformed(context: ThreadContext, { request, head, method, host }: Call): RefusalCode | null {
  if (request.rawHeaders.length > context.bounds.headersCountMax * 2) return 'HEADERS_TOO_LARGE'
  if (request.httpVersionMajor !== 1) return 'BAD_REQUEST'
  const isOld = request.httpVersionMinor === 0
  if (head.hostCount > 1 || (!isOld && head.hostCount === 0) || host === '') return 'BAD_REQUEST'
  if (head.transferEncoding !== null && (isOld || head.transferEncoding.toLowerCase() !== 'chunked')) {
    return 'BAD_REQUEST'
  }
  // They are about the connection to the gateway, not about a resource behind it.
  return method === 'CONNECT' || method === 'TRACE' ? 'BAD_REQUEST' : null
}
