import type { Logger } from './logger.ts'

/** Something that runs. `start` resolves when it is ready to be used; `stop` when nothing of it is left. */
export interface Part {
  name: string
  start?(): Promise<void>
  stop?(): Promise<void>
  /** The longest that `stop` may keep those behind it waiting. Without it, half of what is left until the deadline. */
  stopWithinMs?: number
}

export interface Lifecycle {
  /** Starts the parts in order. When one fails, those that run are stopped in reverse and its error is thrown. */
  start(): Promise<void>
  /** Stops in reverse order; every part gets its chance even when one fails. Answers the names that did not stop in time. */
  stop(): Promise<string[]>
}

/** Ordered start, reverse stop, one deadline for the whole stop, of which no part can use up the share of the others. */
export function createLifecycle(
  parts: readonly Part[],
  options: { logger: Logger; stopDeadlineMs: number },
): Lifecycle {
  const running: Part[] = []
  let stopping: Promise<string[]> | undefined

  async function stopAll(): Promise<string[]> {
    const deadline = Date.now() + options.stopDeadlineMs
    const late: string[] = []
    for (const part of running.splice(0).toReversed()) {
      if (part.stop === undefined) continue
      const leftMs = deadline - Date.now()
      const shareMs = Math.min(leftMs, part.stopWithinMs ?? leftMs / 2)
      const stopped = await isDoneWithin(part.stop(), shareMs).catch((error: unknown) => {
        options.logger.error({ part: part.name, err: error }, 'A part failed to stop')
        return true
      })
      if (!stopped) {
        late.push(part.name)
        options.logger.error({ part: part.name }, 'A part did not stop in time')
      }
    }
    return late
  }

  return {
    async start() {
      for (const part of parts) {
        try {
          await part.start?.()
          running.push(part)
        } catch (error) {
          await stopAll()
          throw error
        }
      }
    },
    stop() {
      stopping ??= stopAll()
      return stopping
    },
  }
}

/** False when `work` is not done in time. A part always gets at least one tick. */
async function isDoneWithin(work: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(1, timeoutMs))
  })
  try {
    return await Promise.race([work.then(() => true), timeout])
  } finally {
    clearTimeout(timer)
  }
}
