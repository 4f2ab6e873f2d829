/** What waits to be written to one slow reader: bounded, and honest about what did not fit. */
export interface EventQueue<T = unknown> extends AsyncIterable<T | null> {
  push(item: T): void
  /** Makes the reader see a `null`: a reason to say that the stream is alive. */
  nudge(): void
  /** The reader gets what is waiting, then the end. */
  close(): void
  readonly overflowed: boolean
}

const waitingMax = 1_000

export function createEventQueue<T>(): EventQueue<T> {
  const waiting: (T | null)[] = []
  let isClosed = false
  let overflowed = false
  let wake: (() => void) | undefined

  return {
    get overflowed() {
      return overflowed
    },
    push(item) {
      if (isClosed) return
      if (waiting.length >= waitingMax) {
        overflowed = true
        isClosed = true
        waiting.length = 0
      } else waiting.push(item)
      wake?.()
    },
    nudge() {
      if (!isClosed && waiting.length === 0) waiting.push(null)
      wake?.()
    },
    close() {
      isClosed = true
      wake?.()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const item = waiting.shift()
        if (item !== undefined) yield item
        else if (isClosed) return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
