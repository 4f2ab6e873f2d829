import type { CompiledService, CompiledTarget } from '../match/compiled.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import type { Call } from './call.ts'
import type { RequestBody } from './request-body.ts'

/** Methods whose repetition does no harm (RFC 9110 §9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
const keepBytesMax = 64 * 1024

/** The service is there, and says that it cannot serve now. */
export function saysUnavailable(status: number): boolean {
  return status === 502 || status === 503 || status === 504
}

/** How much of a body is kept, so that it can be sent again. */
export function keptBytesMax({ method, route }: Call): number {
  return (route?.config.retries ?? 0) > 0 && idempotent.has(method) ? keepBytesMax : 0
}

export function canRepeat({ method }: Call, body: RequestBody | null): boolean {
  return idempotent.has(method) && (body === null || body.isReplayable())
}

/**
 * After an attempt that failed on `tried`, without an answer or with 502, 503 or 504: whether the route, the request and
 * the budget of the service allow another. It is taken from the budget then.
 */
export function takeRetry(
  { balancer }: ThreadContext,
  call: Call,
  service: CompiledService,
  { body, tried }: { body: RequestBody | null; tried: readonly CompiledTarget[] },
): boolean {
  const isAllowed = canRepeat(call, body) && tried.length <= (call.route?.config.retries ?? 0)
  return isAllowed && call.upgradeSocket === null && balancer.budget(service).withdraw()
}
