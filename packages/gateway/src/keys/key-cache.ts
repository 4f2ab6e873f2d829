import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'

/**
 * The public keys of the control plane, fetched at every connection and again before they can have changed: a new key is
 * published ten minutes before it signs. Without an answer those from before stay.
 */
export interface KeyCache {
  /** Fetches now; again and again from then on. */
  refresh(): void
  stop(): void
}

const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).max(100) })
const answerWithinMs = 10_000
const refreshedEveryMs = 5 * 60_000
const retriedAfterMs = 15_000

interface Needs {
  serverUrl: URL
  take: (keys: JSONWebKeySet) => void
  clock: Clock
  logger: Logger
}

export function createKeyCache({ serverUrl, take, clock, logger }: Needs): KeyCache {
  const url = new URL(`${serverUrl.pathname.replace(/\/+$/, '')}/.well-known/jwks.json`, serverUrl)
  const stopping = new AbortController()
  let cancel: (() => void) | null = null
  let asking = false

  async function ask(): Promise<void> {
    asking = true
    let nextMs = refreshedEveryMs
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(answerWithinMs)])
      const response = await fetch(url, { signal, redirect: 'error' })
      if (!response.ok) throw new Error(`${url.href} answered ${response.status}.`)
      take(Jwks.parse(await response.json()))
    } catch (error) {
      nextMs = retriedAfterMs
      if (!stopping.signal.aborted)
        logger.warn({ err: error }, 'The keys of the control plane could not be read')
    }
    asking = false
    if (!stopping.signal.aborted) cancel = clock.after(nextMs, () => void ask())
  }

  return {
    refresh() {
      if (asking || stopping.signal.aborted) return
      cancel?.()
      void ask()
    },
    stop() {
      stopping.abort()
      cancel?.()
    },
  }
}
