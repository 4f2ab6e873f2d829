import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { systemContext } from '../../../context.ts'
import type { Snapshots } from '../model.ts'
import type { Imports } from './transfer/imports.ts'
import type { ChangeLog, Position } from './repo/change-log.ts'
import { deleteExpired } from './repo/cold-statements.ts'
import type { Idempotency } from './idempotency.ts'
import type { Lanes } from './repo/lanes.ts'

/**
 * Removes what is over: records past their retention, old idempotency keys, changes and imports. Readers never
 * see an expired record, so this may be late; several replicas may do it at once, they skip each other's rows.
 */
export interface Sweeper {
  sweep(): Promise<{ records: number; keys: number; changes: number }>
  part: Part
}

interface Needs {
  writes: Lanes
  snapshots: Pick<Snapshots, 'current'>
  idempotency: Idempotency
  imports: Pick<Imports, 'sweep'>
  log: ChangeLog
  /** Changes after this are still to be told to somebody. */
  untold(): Promise<Position | null>
  clock: Clock
  logger: Logger
  onWrite(collection: { id: string }): void
}

const sweepEveryMs = 30_000
const dayMs = 24 * 60 * 60 * 1_000
const changesKeptMs = dayMs
/** However far behind a webhook is: the log must not grow without end. */
const changesHeldMs = 3 * dayMs
/** Rows of one transaction, so that no sweep makes writers wait for long. */
const batchMax = 1_000

export function createSweeper({
  writes,
  snapshots,
  idempotency,
  imports,
  log,
  untold,
  clock,
  logger,
  onWrite,
}: Needs): Sweeper {
  let cancel: (() => void) | undefined
  let running: Promise<unknown> | undefined
  let isStopping = false

  const ago = (ms: number) => new Date(clock.nowMs() - ms).toISOString()

  async function sweep() {
    const now = clock.now().toISOString()
    let records = 0
    for (const collection of snapshots.current().collections.values()) {
      for (;;) {
        if (isStopping) return { records, keys: 0, changes: 0 }
        const removed = await writes.use((lane) => deleteExpired(lane, collection, now, batchMax))
        records += removed
        if (removed > 0) onWrite(collection)
        if (removed < batchMax) break
      }
    }
    const keys = await writes.use((lane) => idempotency.sweep(lane))
    const position = await untold()
    const held = position && { position, since: ago(changesHeldMs) }
    const changes = await writes.use((lane) => log.prune(lane, ago(changesKeptMs), held))
    await imports.sweep(systemContext('record-sweeper'))
    return { records, keys, changes }
  }

  function schedule(): void {
    cancel = clock.after(sweepEveryMs, () => {
      running = sweep()
        .catch((error: unknown) =>
          logger.warn({ err: error }, 'Expired records could not be swept; it is tried again.'),
        )
        .then(() => {
          if (!isStopping) schedule()
        })
    })
  }

  return {
    sweep,
    part: {
      name: 'record-sweeper',
      async start() {
        schedule()
      },
      async stop() {
        isStopping = true
        cancel?.()
        await running
      },
    },
  }
}
