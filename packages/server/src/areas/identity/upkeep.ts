import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'

const intervalMs = 3_600_000

/**
 * Runs every task once an hour: removing what is over, turning signing keys. Each is harmless when several replicas do
 * it, so nobody has to agree on who does.
 */
export function createUpkeep(
  tasks: Record<string, () => Promise<unknown>>,
  clock: Clock,
  logger: Logger,
): Part {
  let cancel: () => void = () => undefined
  let running: Promise<void> = Promise.resolve()

  async function run(): Promise<void> {
    for (const [name, task] of Object.entries(tasks)) {
      try {
        await task()
      } catch (error) {
        logger.warn({ err: error, task: name }, 'A piece of upkeep failed; it is tried again in an hour')
      }
    }
    schedule()
  }
  function schedule(): void {
    cancel = clock.after(intervalMs, () => {
      running = run()
    })
  }

  return {
    name: 'identity upkeep',
    start: async () => schedule(),
    async stop() {
      cancel()
      await running
      cancel()
    },
  }
}
