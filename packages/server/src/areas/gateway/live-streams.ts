import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../context.ts'

/** Everybody who follows something live here, counted, so that watching never takes what serving needs. */
export interface LiveStreams {
  /** Takes a place, until the answer is called. Throws gateway.streams_exhausted. */
  enter(ctx: Context): () => void
  /** One tick at once and one a second until the client is gone or the server stops. */
  ticks(ctx: Context): AsyncGenerator<void>
}

const streamsMax = 200
const streamsOfOneTenantMax = 20
const tickMs = 1_000

export function createLiveStreams({ clock }: { clock: Clock }): LiveStreams {
  const open = new Map<string, number>()
  let total = 0

  function enter(ctx: Context): () => void {
    const tenant = ctx.organizationId ?? ''
    const theirs = open.get(tenant) ?? 0
    if (total >= streamsMax || theirs >= streamsOfOneTenantMax)
      throw problem('gateway.streams_exhausted', { retryAfterSeconds: 30 })
    total += 1
    open.set(tenant, theirs + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      total -= 1
      const rest = (open.get(tenant) ?? 1) - 1
      if (rest === 0) open.delete(tenant)
      else open.set(tenant, rest)
    }
  }

  /** Resolves after the time, or at once when `signal` aborts. */
  const pause = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(tickMs, done)
      function done(): void {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
      if (signal.aborted) done()
    })

  return {
    enter,
    async *ticks({ signal }) {
      while (!signal.aborted) {
        yield
        await pause(signal)
      }
    },
  }
}
