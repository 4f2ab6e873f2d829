import type { Telemetry } from '../telemetry/service.ts'
import type { ReceivedBatch } from '../telemetry/rules.ts'
import type { Context } from '../../../context.ts'

export interface Intake {
  push(batch: ReceivedBatch): void
  /** Resolves when what has been pushed is stored, or given up. */
  idle(): Promise<void>
}

const waitingMax = 4

/**
 * The telemetry of one link, stored batch after batch in the order in which it came. While some wait the connection is
 * not read on, so that a gateway cannot send faster than PostgreSQL stores; it keeps what it could not send.
 */
export function createIntake(options: {
  ctx: Context
  source: Parameters<Telemetry['store']>[1]
  telemetry: Pick<Telemetry, 'store' | 'giveUp'>
  /** The connection: reading can be held, and a stored batch is acknowledged. */
  link: { pause(): void; resume(): void; acknowledge(sequence: number): void; fail(): void }
  /** True when the database was away, so that the same batch may be stored later. */
  isPassing: (error: unknown) => boolean
  onError: (error: unknown) => void
}): Intake {
  const { ctx, source, telemetry, link, isPassing, onError } = options
  let waiting = 0
  let isPaused = false
  let hasFailed = false
  let last = Promise.resolve()

  async function store(batch: ReceivedBatch): Promise<void> {
    // What follows a batch that could not be stored must not pass it: the gateway sends both again.
    if (hasFailed) return
    try {
      await telemetry.store(ctx, source, batch)
      link.acknowledge(batch.sequence)
    } catch (error) {
      onError(error)
      if (isPassing(error)) throw error
      // PostgreSQL will never take it: it is counted as lost, or it would come again for ever.
      await telemetry.giveUp(ctx, source, batch)
      link.acknowledge(batch.sequence)
    }
  }

  async function take(batch: ReceivedBatch): Promise<void> {
    try {
      await store(batch)
    } catch {
      hasFailed = true
      link.fail()
    }
    waiting -= 1
    if (isPaused && waiting < waitingMax) {
      isPaused = false
      link.resume()
    }
  }

  return {
    push(batch) {
      waiting += 1
      if (!isPaused && waiting >= waitingMax) {
        isPaused = true
        link.pause()
      }
      last = last.then(() => take(batch))
    },
    idle: () => last,
  }
}
