import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { HandlerCode } from '../../model.ts'
import type { CodeResult } from '../code/runner.ts'
import type { HandlerRunsRepo, HandlerRunRow } from './repo.ts'

/**
 * The last runs of each handler. A busy endpoint runs its handlers thousands of times a second: what is kept of a second
 * is a few runs that went well and the failures, which nobody could read all of either.
 */
export interface HandlerRuns {
  /** Cheap and synchronous; stored within a second. */
  record(run: FinishedHandlerRun): void
  /** Newest first. */
  list: HandlerRunsRepo['list']
  part: Part
}

export interface FinishedHandlerRun {
  endpointId: string
  handler: HandlerCode
  requestId: string
  result: CodeResult
}

interface Needs {
  repo: HandlerRunsRepo
  clock: Clock
  ids: Ids
  logger: Logger
}

export const keptPerHandler = 50
const perFlush = { ok: 5, failed: 25 } as const
const waitingMax = 1_000
const flushEveryMs = 1_000

export function createHandlerRuns({ repo, clock, ids, logger }: Needs): HandlerRuns {
  let waiting: HandlerRunRow[] = []
  let taken = new Map<string, number>()
  let cancel: (() => void) | undefined

  async function flush(): Promise<void> {
    const rows = waiting
    waiting = []
    taken = new Map()
    if (rows.length === 0) return
    try {
      await repo.add(rows, keptPerHandler)
    } catch (error) {
      logger.warn({ err: error, runs: rows.length }, 'Runs of handlers could not be stored and are not kept')
    }
  }

  function schedule(): void {
    cancel = clock.after(flushEveryMs, () => {
      void flush().finally(() => {
        if (cancel !== undefined) schedule()
      })
    })
  }

  return {
    list: repo.list,
    record({ endpointId, handler, requestId, result }) {
      const kind = result.error === null ? 'ok' : 'failed'
      const key = `${endpointId} ${handler.name} ${kind}`
      const count = taken.get(key) ?? 0
      if (count >= perFlush[kind] || waiting.length >= waitingMax) return
      taken.set(key, count + 1)
      waiting.push({
        id: ids.uuid(),
        endpointId,
        handler: handler.name,
        type: handler.type,
        requestId,
        error: result.error,
        console: result.console,
        consoleDropped: result.consoleDropped,
        durationMs: Math.round(result.durationMs * 100) / 100,
        createdAt: clock.now().toISOString(),
      })
    },
    part: {
      name: 'handler runs',
      async start() {
        schedule()
      },
      async stop() {
        cancel?.()
        cancel = undefined
        await flush()
      },
    },
  }
}
