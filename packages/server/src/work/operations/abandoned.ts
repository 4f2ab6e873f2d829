import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Catalogue } from '@holdfast/kernel/catalogue'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import { systemContext } from '../../context.ts'
import type { Tables } from '../../tables.ts'
import type { Events } from '../events/service.ts'
import { createLoop } from '../loop.ts'
import type { OperationsRepo } from './repo.ts'
import { problemOf } from './rules.ts'
import type { OperationHandler } from './service.ts'
import { isFinished } from '@holdfast/contracts/platform/operations'

interface Needs {
  repo: Pick<OperationsRepo, 'listAbandoned' | 'findForUpdate' | 'update'>
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<Events, 'append'>
  handlers: () => Catalogue<OperationHandler>
  clock: Clock
  /** Real time: paces how often it looks. */
  lookClock: Clock
  logger: Logger
}

const lookEveryMs = 30_000
const endedMax = 100

/**
 * Ends the operations whose job will not run again, because the servers that ran it died each time: whoever waits for one
 * is told, instead of watching it run for ever.
 */
export function createAbandonedOperations(needs: Needs): Part & { end(): Promise<number> } {
  const { repo, database, events, handlers, clock, lookClock, logger } = needs

  /** Answers how many it ended. */
  async function end(): Promise<number> {
    const abandoned = await repo.listAbandoned(endedMax)
    const ctx = systemContext('abandoned operations')
    for (const { id, kind, input } of abandoned) {
      await handlers().get(kind)?.giveUp?.(ctx, input)
      await database.transaction(ctx, async (tx) => {
        const operation = await repo.findForUpdate(tx, id)
        // Another server looks as well.
        if (operation === undefined || isFinished(operation)) return
        const at = clock.now()
        const failed = { state: 'failed', problem: problemOf(problem('operations.interrupted')) } as const
        const change = operation.cancelRequested ? ({ state: 'cancelled' } as const) : failed
        await repo.update(tx, id, { ...change, finishedAt: at }, at)
        await events.append(tx, { type: 'operation.finished', data: { id, kind, state: change.state } })
        logger.error({ operation: id, kind }, 'An operation was given up: the servers that ran it died')
      })
    }
    return abandoned.length
  }

  const loop = createLoop({
    clock: lookClock,
    retryMs: lookEveryMs,
    work: async () => ((await end()) === endedMax ? 0 : lookEveryMs),
    onError: (error) => logger.warn({ err: error }, 'Operations that nobody runs could not be looked for'),
  })

  return {
    name: 'abandoned operations',
    async start() {
      loop.wake()
    },
    stop: () => loop.stop(),
    end,
  }
}
