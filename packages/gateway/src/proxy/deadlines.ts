/** Something that must not wait for ever. */
export interface Waiting {
  /** Monotonic; compared at every sweep, so that moving it costs nothing. */
  deadlineMs: number
  expire(): void
}

/** One timer for everything that waits in a thread: cheaper than one for each request, and exact to its interval. */
export interface Deadlines {
  add(waiting: Waiting): void
  remove(waiting: Waiting): void
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
    stop: () => clearInterval(timer),
  }
}
