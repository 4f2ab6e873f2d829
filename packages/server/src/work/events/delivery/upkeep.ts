import type { Clock } from '@holdfast/kernel/clock'
import type { ConsumerRepo } from './repo.ts'

/** What keeps the event log short and shows that it moves. */
export interface EventUpkeep {
  /** Seconds since the oldest event that some consumer has not handled; 0 when there is none. */
  oldestUndeliveredSeconds(): Promise<number>
  /** Removes events older than `retentionMs` that every consumer has handled; answers how many. */
  expire(retentionMs: number): Promise<number>
}

const batchEvents = 10_000

export function createEventUpkeep(needs: {
  repo: Pick<ConsumerRepo, 'oldestUndelivered' | 'removeHandled'>
  /** The consumers of this program; the places of others, long gone, hold nothing back. */
  consumers: () => readonly string[]
  clock: Clock
}): EventUpkeep {
  const { repo, consumers, clock } = needs
  return {
    async oldestUndeliveredSeconds() {
      const oldest = await repo.oldestUndelivered(consumers())
      return Math.max(0, ...oldest.map(({ occurredAt }) => (clock.nowMs() - Date.parse(occurredAt)) / 1_000))
    },

    async expire(retentionMs) {
      const before = new Date(clock.nowMs() - retentionMs)
      let removed = 0
      for (;;) {
        const count = await repo.removeHandled(consumers(), before, batchEvents)
        removed += count
        if (count < batchEvents) return removed
      }
    },
  }
}
