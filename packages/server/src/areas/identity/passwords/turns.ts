import { problem } from '@holdfast/contracts/problems'

/** How long a caller who found the queue full should stay away. */
const retryAfterSeconds = 2

const busy = () =>
  problem('server.unavailable', {
    sentence: 'Too many people are signing in at this moment. Try again in a few seconds.',
    retryAfterSeconds,
  })

/** Runs costly work, so many at once, the others in turn. Throws server.unavailable, before anything is begun, when too many wait. */
export function createTurns({ atOnceMax, waitingMax }: { atOnceMax: number; waitingMax: number }) {
  const waiting: (() => void)[] = []
  let running = 0

  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running < atOnceMax) running += 1
    else {
      if (waiting.length >= waitingMax) throw busy()
      // Whoever ends hands the place over, so that `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
