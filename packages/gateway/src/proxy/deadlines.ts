import type { Call } from './call.ts'

/** Something that must not wait for ever, nor outlive the credential that opened it. */
export interface Waiting {
  readonly call: Pick<Call, 'consumerId' | 'userId'>
  /** Monotonic; compared at every sweep, so that moving it costs nothing. */
  deadlineMs: number
  expire(): void
  /** The credential is not good any more. */
  withdraw(): void
}

/** One timer for everything that waits in a thread: cheaper than one for each request, and exact to its interval. */
export interface Deadlines {
  add(waiting: Waiting): void
  remove(waiting: Waiting): void
  /** Withdraws those whose caller is gone. */
  withdraw(isGone: (caller: Waiting['call']) => boolean): void
  stop(): void
}

const sweepMs = 20

export function createDeadlines(onSweep: () => void): Deadlines {
  const all = new Set<Waiting>()
  const timer = setInterval(() => {
    const nowMs = performance.now()
    for (const waiting of all) {
      if (waiting.deadlineMs > nowMs) continue
      all.delete(waiting)
      waiting.expire()
    }
    onSweep()
  }, sweepMs)
  timer.unref()
  return {
    add: (waiting) => void all.add(waiting),
    remove: (waiting) => void all.delete(waiting),
    withdraw(isGone) {
      for (const waiting of all) if (isGone(waiting.call)) waiting.withdraw()
    },
    stop: () => clearInterval(timer),
  }
}
