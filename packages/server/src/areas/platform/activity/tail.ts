import type { ActivityRow } from '@holdfast/contracts/platform/activity'
import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import { createEventQueue, type EventQueue } from '../../../event-queue.ts'

/**
 * The end of the log as it grows. However many people look, the log is read once for each batch that some replica has
 * written. Batches of several replicas overlap in time, so that the last seconds are read again and what was seen is
 * left out. Whoever reads too slowly is cut off, and comes back.
 */
export interface ActivityTail {
  /**
   * New rows, oldest first, until `signal` aborts; the first may be a few seconds old already. Throws server.unavailable
   * when too many look.
   */
  follow(signal: AbortSignal): AsyncIterable<ActivityRow>
  /** Called when some replica has written. */
  wake(): Promise<void>
}

interface Needs {
  /** The newest `limit` rows since `from` (RFC 3339), oldest first. */
  since(from: string, limit: number): Promise<ActivityRow[]>
  clock: Clock
}

const followersMax = 100
const rowsMax = 1_000
/** A row is written so much later than it is dated, at most: a batch waits for a second, and for those before it. */
const overlapMs = 10_000

export function createActivityTail({ since, clock }: Needs): ActivityTail {
  const followers = new Set<EventQueue<ActivityRow>>()
  let seen = new Map<string, string>()
  let startedMs = 0
  let reading: Promise<void> | undefined
  let again = false

  async function read(): Promise<void> {
    do {
      again = false
      const fromMs = Math.max(startedMs, clock.nowMs() - overlapMs)
      const from = new Date(fromMs).toISOString()
      const rows = await since(from, rowsMax)
      const fresh = rows.filter(({ id }) => !seen.has(id))
      const kept = [...seen, ...fresh.map(({ id, createdAt }) => [id, createdAt] as const)]
      seen = new Map(kept.filter(([, createdAt]) => createdAt >= from))
      for (const follower of followers) for (const row of fresh) follower.push(row)
    } while (again)
  }

  async function* rowsOf(queue: EventQueue<ActivityRow>, signal: AbortSignal): AsyncGenerator<ActivityRow> {
    const end = () => queue.close()
    signal.addEventListener('abort', end)
    try {
      for await (const row of queue) if (row !== null) yield row
    } finally {
      signal.removeEventListener('abort', end)
      followers.delete(queue)
    }
  }

  return {
    wake() {
      if (followers.size === 0) return Promise.resolve()
      again = true
      reading ??= read().finally(() => {
        reading = undefined
      })
      return reading
    },

    follow(signal) {
      if (followers.size >= followersMax) {
        throw problem('server.unavailable', {
          sentence: 'Too many people look at the end of the log already. Try again later.',
          retryAfterSeconds: 30,
        })
      }
      if (followers.size === 0) {
        startedMs = clock.nowMs() - overlapMs
        seen = new Map()
      }
      const queue = createEventQueue<ActivityRow>()
      followers.add(queue)
      return rowsOf(queue, signal)
    },
  }
}
