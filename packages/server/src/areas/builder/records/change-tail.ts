import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import type { Change, ChangeLog, Position } from './repo/change-log.ts'

/**
 * Follows the change log while somebody listens: one reader per replica, however many listeners. Writes of this replica
 * wake it at once; those of others are seen when it looks, four times a second. A NOTIFY with every write would make all
 * commits of the database wait for each other.
 */
export interface ChangeTail {
  /** Hears every change of the collection from now on. Answers where "now" is, and how to end it. */
  listen(collectionId: string, hear: (change: Change) => void): Promise<{ from: Position; end: () => void }>
  /** Something was written here. */
  wake(): void
  stop(): void
}

const lookEveryMs = 250
const changesMax = 500

export function createChangeTail({
  log,
  clock,
  logger,
}: {
  log: ChangeLog
  clock: Clock
  logger: Logger
}): ChangeTail {
  const listeners = new Map<string, Set<(change: Change) => void>>()
  let position: Promise<Position> | null = null
  let isLooking = false
  let lookAgain = false
  let cancelTimer: (() => void) | undefined

  async function look(): Promise<void> {
    if (isLooking) {
      lookAgain = true
      return
    }
    isLooking = true
    cancelTimer?.()
    try {
      do {
        lookAgain = false
        if (position === null) break
        const changes = await log.after(await position, { max: changesMax })
        for (const change of changes) {
          position = Promise.resolve(change.position)
          for (const hear of listeners.get(change.collectionId) ?? []) hear(change)
        }
        if (changes.length === changesMax) lookAgain = true
      } while (lookAgain)
    } catch (error) {
      logger.warn({ err: error }, 'The log of record changes could not be read; it is tried again.')
    } finally {
      isLooking = false
    }
    if (listeners.size > 0) cancelTimer = clock.after(lookEveryMs, () => void look())
    else position = null
  }

  return {
    async listen(collectionId, hear) {
      const heard = listeners.get(collectionId) ?? new Set()
      heard.add(hear)
      listeners.set(collectionId, heard)
      const end = () => {
        heard.delete(hear)
        if (heard.size === 0 && listeners.get(collectionId) === heard) listeners.delete(collectionId)
      }
      try {
        position ??= log.now()
        const from = await position
        void look()
        return { from, end }
      } catch (error) {
        position = null
        end()
        throw error
      }
    },
    wake() {
      if (listeners.size > 0) void look()
    },
    stop() {
      listeners.clear()
      cancelTimer?.()
    },
  }
}
