import type { Clock } from '@holdfast/kernel/clock'

export interface Loop {
  /** Makes `work` run now, or once more when it is running. */
  wake(): void
  /** Resolves when what it was woken for so far is done, or has failed and will be tried again. */
  idle(): Promise<void>
  /** Resolves when the run that was under way is over; nothing runs afterwards. */
  stop(): Promise<void>
}

/**
 * Runs `work` whenever it is woken, one run at a time, and again after as many milliseconds as it answers. However many
 * wakes come during a run, one more run follows, so that nothing that happened before a wake is overlooked.
 */
export function createLoop(options: {
  clock: Clock
  work: () => Promise<number>
  onError: (error: unknown) => void
  /** Wait after a failed run. */
  retryMs: number
}): Loop {
  const { clock, work, onError, retryMs } = options
  let again = false
  let stopped = false
  let running: Promise<void> | undefined
  let cancelTimer: (() => void) | undefined

  async function run(): Promise<void> {
    let delayMs = retryMs
    // oxlint-disable-next-line no-unmodified-loop-condition -- `stop` modifies it while a run is awaited
    while (again && !stopped) {
      again = false
      try {
        delayMs = await work()
      } catch (error) {
        delayMs = retryMs
        onError(error)
      }
    }
    cancelTimer?.()
    if (!stopped) cancelTimer = clock.after(delayMs, wake)
    // Nothing may be awaited between the last look at `again` and here, or a wake would be lost.
    running = undefined
  }

  function wake(): void {
    again = true
    if (!stopped) running ??= run()
  }

  return {
    wake,
    idle: async () => running,
    async stop() {
      stopped = true
      cancelTimer?.()
      await running
    },
  }
}
