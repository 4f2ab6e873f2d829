import { keyOnRoute } from '../limits/limit-keys.ts'
import type { Call } from '../proxy/call.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import type { Caller } from './caller.ts'

/**
 * Counts the request. A tier's limit holds over all routes together; a route's own limit replaces it there and counts apart.
 * False: refused, and not counted.
 */
export function takeFromLimit(context: ThreadContext, call: Call, caller: Caller): boolean {
  const override = call.route?.config.rateLimitOverride ?? null
  const limit = override ?? caller.perMinute
  if (limit === null) return true
  const key =
    override === null || call.route === null
      ? caller.limitKey
      : keyOnRoute(caller.limitKey, call.route.limitKey)
  const windows = caller.isAddress ? context.addressWindows : context.callerWindows
  windows.take(key, limit, call.atMs, call.limitResult)
  call.limit = limit
  return call.limitResult.isAllowed
}

/** Adds `X-RateLimit-*`, and `Retry-After` when refused, to the headers of an answer. */
export function pushLimitHeaders(headers: string[], call: Call): void {
  if (call.limit === null) return
  const { isAllowed, remaining, resetMs } = call.limitResult
  const resetSeconds = String(Math.max(1, Math.ceil(resetMs / 1_000)))
  headers.push(
    'x-ratelimit-limit',
    String(call.limit),
    'x-ratelimit-remaining',
    String(remaining),
    'x-ratelimit-reset',
    resetSeconds,
  )
  if (!isAllowed) headers.push('retry-after', resetSeconds)
}
