import type { Logger } from '@holdfast/kernel/logger'

/** Work that a request starts and nobody waits for, except the end of the process. */
export interface Background {
  run(what: string, work: () => Promise<void>): void
  /** Resolves when nothing runs any more. */
  finished(): Promise<void>
}

export function createBackground(logger: Logger): Background {
  const running = new Set<Promise<void>>()
  return {
    run(what, work) {
      const done = work()
        .catch((error: unknown) => logger.error({ err: error, what }, 'Work in the background failed'))
        .finally(() => running.delete(done))
      running.add(done)
    },
    async finished() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
