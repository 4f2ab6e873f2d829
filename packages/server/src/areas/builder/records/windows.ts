import { problem } from '@holdfast/contracts/problems'
import { clientNetwork } from '@holdfast/kernel/client-network'
import type { Clock } from '@holdfast/kernel/clock'
import { LRUCache } from 'lru-cache'
import type { EndpointModel } from '../model.ts'

/** The limits that endpoints set for their callers: fixed windows in memory, per process. */
export interface CallWindows {
  /** Counts one call of a user or an address; answers the X-RateLimit headers. Throws request.limited. */
  take(endpoint: EndpointModel, caller: string): string[]
}

const callersMax = 100_000

export function createCallWindows(clock: Clock): CallWindows {
  const windows = new LRUCache<string, { count: number; resetMs: number }>({ max: callersMax })
  return {
    take({ id, rateLimit }, caller) {
      if (rateLimit === null) return []
      const key = `${id} ${clientNetwork(caller)}`
      const nowMs = clock.nowMs()
      let window = windows.get(key)
      if (window === undefined || window.resetMs <= nowMs) {
        window = { count: 0, resetMs: nowMs + rateLimit.windowSeconds * 1_000 }
        windows.set(key, window)
      }
      window.count += 1
      const resetSeconds = Math.ceil((window.resetMs - nowMs) / 1_000)
      const headers = limitHeaders(
        rateLimit.requestsMax,
        Math.max(0, rateLimit.requestsMax - window.count),
        resetSeconds,
      )
      if (window.count > rateLimit.requestsMax) throw new LimitReached(headers, resetSeconds)
      return headers
    },
  }
}

function limitHeaders(limit: number, remaining: number, resetSeconds: number): string[] {
  return [
    'x-ratelimit-limit',
    String(limit),
    'x-ratelimit-remaining',
    String(remaining),
    'x-ratelimit-reset',
    String(resetSeconds),
  ]
}

/** request.limited, with the headers that belong on its answer too. */
export class LimitReached extends Error {
  readonly headers: readonly string[]
  constructor(headers: readonly string[], resetSeconds: number) {
    super('The limit of this endpoint is reached.', {
      cause: problem('request.limited', { retryAfterSeconds: resetSeconds }),
    })
    this.headers = headers
  }
}
