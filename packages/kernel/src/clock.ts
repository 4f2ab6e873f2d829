/** The only source of time. Production uses `systemClock`; tests inject one they move by hand. */
export interface Clock {
  now(): Date
  nowMs(): number
  /** Runs `work` once after `delayMs`; the returned function cancels it. Does not keep the process alive. */
  after(delayMs: number, work: () => void): () => void
}

export const systemClock: Clock = {
  now: () => new Date(),
  nowMs: () => Date.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export interface TestClock extends Clock {
  /** Moves time forward and runs what falls due, in order. */
  advance(durationMs: number): void
}

/** A clock that stands still until told otherwise. */
export function createTestClock(start: Date | string = '2026-01-01T00:00:00.000Z'): TestClock {
  let currentMs = new Date(start).getTime()
  let waiting: { dueMs: number; work: () => void }[] = []
  return {
    now: () => new Date(currentMs),
    nowMs: () => currentMs,
    after(delayMs, work) {
      const entry = { dueMs: currentMs + delayMs, work }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((other) => other !== entry)
      }
    },
    advance(durationMs) {
      const endMs = currentMs + durationMs
      for (;;) {
        const next = waiting.filter((entry) => entry.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0]
        if (next === undefined) break
        waiting = waiting.filter((entry) => entry !== next)
        currentMs = next.dueMs
        next.work()
      }
      currentMs = endMs
    },
  }
}
