import { databaseErrorCode, isConnectionError } from '@holdfast/database/errors'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { dayOf } from '../../../day-partitions/rules.ts'
import { type ActivityInsert, activityRow, type NewActivity, type RecordedActivity } from './rules.ts'

interface Needs {
  /** Writes one batch whole or not at all. */
  insert(rows: ActivityInsert[]): Promise<void>
  ensureDays(days: string[]): Promise<void>
  clock: Clock
  ids: Ids
  logger: Logger
}

export interface ActivityWriter {
  /** Only appends to memory. */
  record(entry: NewActivity): void
  /** Resolves when everything recorded so far is stored or counted as dropped. */
  flush(): Promise<void>
  state(): { buffered: number; dropped: number }
  part: Part
}

const batchRows = 500
const bufferRowsMax = 10_000
const flushDelayMs = 1_000
/** "no partition of relation found for row". */
const checkViolation = '23514'

/**
 * Collects log rows in memory and writes them in batches: at most a second late, 500 at once, one batch at a time.
 * When PostgreSQL is away or slower than the log, the oldest rows are dropped and counted: the log is for watching, and
 * must never slow down or take down what it watches.
 */
export function createActivityWriter({ insert, ensureDays, clock, ids, logger }: Needs): ActivityWriter {
  let buffer: RecordedActivity[] = []
  let dropped = 0
  let unreported = 0
  let cancelTimer: (() => void) | undefined
  let flushing: Promise<void> | undefined
  const knownDays = new Set<string>()

  function drop(count: number): void {
    dropped += count
    unreported += count
  }

  function schedule(): void {
    cancelTimer ??= clock.after(flushDelayMs, () => {
      cancelTimer = undefined
      void flush()
    })
  }

  async function write(batch: RecordedActivity[]): Promise<void> {
    const rows = batch.map(activityRow)
    const ensureAll = async () => {
      const missing = [...new Set(rows.map((row) => dayOf(row.created_at)))].filter(
        (day) => !knownDays.has(day),
      )
      if (missing.length > 0) await ensureDays(missing)
      for (const day of missing) knownDays.add(day)
    }
    await ensureAll()
    try {
      await insert(rows)
    } catch (error) {
      if (databaseErrorCode(error) !== checkViolation) throw error
      // Another replica has dropped a partition that this one remembers.
      knownDays.clear()
      await ensureAll()
      await insert(rows)
    }
  }

  /** Writes batch after batch. Away: keeps the rows for the next turn. Refused: drops the batch, which would never pass. */
  async function drain(): Promise<void> {
    while (buffer.length > 0) {
      const batch = buffer.slice(0, batchRows)
      buffer = buffer.slice(batchRows)
      try {
        await write(batch)
      } catch (error) {
        if (!isConnectionError(error)) {
          drop(batch.length)
          logger.error(
            { err: error, rows: batch.length },
            'Activity rows could not be written and were dropped',
          )
          continue
        }
        const room = bufferRowsMax - buffer.length
        if (batch.length > room) drop(batch.length - room)
        buffer = [...batch.slice(Math.max(0, batch.length - room)), ...buffer]
        schedule()
        return
      }
    }
    if (unreported === 0) return
    logger.warn(
      { rows: unreported },
      'Activity rows were dropped because they came faster than they could be written',
    )
    unreported = 0
  }

  function flush(): Promise<void> {
    flushing ??= drain().finally(() => {
      flushing = undefined
    })
    return flushing
  }

  return {
    record(entry) {
      if (buffer.length >= bufferRowsMax) {
        // A whole batch at once, so that a full buffer does not cost a shift for every row.
        buffer = buffer.slice(batchRows)
        drop(batchRows)
      }
      buffer.push({ ...entry, recordedAtMs: clock.nowMs(), id: ids.uuid() })
      if (buffer.length >= batchRows && flushing === undefined) void flush()
      else schedule()
    },
    flush,
    state: () => ({ buffered: buffer.length, dropped }),
    part: {
      name: 'activity',
      async stop() {
        cancelTimer?.()
        await flush()
        // What was recorded while the last batch was on its way.
        await flush()
      },
    },
  }
}
