import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Actor } from '../../../context.ts'
import { type NewActivity, sourceOf } from '../../platform/activity/rules.ts'
import type { EndpointCall, FrequentEvents } from '../../platform/webhooks/engine/frequent.ts'
import type { CallOrigin, EndpointModel } from '../model.ts'

/** Calls of endpoints: exact counts, and rows for the activity log as far as somebody could read them. */
export interface Calls {
  record(endpoint: EndpointModel, call: FinishedCall): void
  part: Part
}

export interface FinishedCall {
  method: string
  path: string
  status: number
  durationMs: number
  ip: string
  userAgent: string | null
  actor: Actor
  /** Null when nobody was told one. */
  requestId: string | null
  /** Absent when it came over the network. */
  origin?: CallOrigin
}

interface Needs {
  clock: Clock
  logger: Logger
  /** Cheap and synchronous. */
  recordActivity(entry: NewActivity): void
  /** Cheap and synchronous; asks for the call only when somebody wants it. */
  endpointCalled: FrequentEvents['called']
  /** Adds to the stored counters. */
  addCounts(counts: ReadonlyMap<string, number>): Promise<void>
}

/**
 * Rows for the activity log, per second. A log of every call of a busy endpoint would cost more than the calls and show
 * nobody anything; what is beyond is counted and said in one row a second. Calls that failed have a budget of their own,
 * so that successes never crowd them out.
 */
const rowsPerSecond = 50
const flushEveryMs = 1_000

export function createCalls({ clock, logger, recordActivity, endpointCalled, addCounts }: Needs): Calls {
  let counts = new Map<string, number>()
  let budget = { ok: rowsPerSecond, failed: rowsPerSecond }
  let beyond = new Map<string, { endpoint: EndpointModel; last: FinishedCall; ok: number; failed: number }>()
  let cancel: (() => void) | undefined

  async function flush(): Promise<void> {
    budget = { ok: rowsPerSecond, failed: rowsPerSecond }
    for (const { endpoint, last, ok, failed } of beyond.values()) {
      const entry = activityOf(endpoint, last)
      recordActivity({
        ...entry,
        requestId: null,
        message: `${endpoint.method} ${endpoint.path}: ${ok + failed} more calls`,
        details: { ...entry.details, calls: ok + failed, errors: failed },
        stands: { calls: ok + failed, errors: failed },
      })
    }
    beyond = new Map()
    if (counts.size === 0) return
    const counted = counts
    counts = new Map()
    try {
      await addCounts(counted)
    } catch (error) {
      // Kept for the next round: a count is only lost with the process.
      for (const [id, count] of counted) counts.set(id, (counts.get(id) ?? 0) + count)
      logger.warn({ err: error }, 'The call counts of endpoints could not be stored; they are tried again.')
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
    record(endpoint, call) {
      counts.set(endpoint.id, (counts.get(endpoint.id) ?? 0) + 1)
      endpointCalled(() => callFacts(endpoint, call))
      const kind = call.status < 400 ? 'ok' : 'failed'
      if (budget[kind] > 0) {
        budget[kind] -= 1
        recordActivity(activityOf(endpoint, call))
        return
      }
      const entry = beyond.get(endpoint.id) ?? { endpoint, last: call, ok: 0, failed: 0 }
      entry[kind] += 1
      entry.last = call
      beyond.set(endpoint.id, entry)
    },
    part: {
      name: 'record-calls',
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

function callFacts(endpoint: EndpointModel, call: FinishedCall): EndpointCall {
  return {
    endpointId: endpoint.id,
    method: call.method,
    path: call.path.slice(0, 300),
    statusCode: call.status,
    responseTimeMs: Math.round(call.durationMs * 100) / 100,
    userId: call.actor.kind === 'user' ? call.actor.userId : null,
    userAgent: call.userAgent,
  }
}

function activityOf(endpoint: EndpointModel, call: FinishedCall): NewActivity {
  const { actor } = call
  return {
    action: call.status < 400 ? 'api_call' : 'error',
    message: `${call.method} ${call.path.slice(0, 300)} ${call.status}`,
    endpointId: endpoint.id,
    userId: actor.kind === 'user' ? actor.userId : null,
    login: actor.kind === 'user' ? actor.login : null,
    statusCode: call.status,
    responseTimeMs: Math.round(call.durationMs * 100) / 100,
    ip: call.ip,
    userAgent: call.userAgent,
    requestId: call.requestId,
    source: call.origin === 'mcp' || call.origin === 'cron' ? call.origin : sourceOf(actor),
    ...(call.origin === 'tester' && { details: { origin: 'tester' } }),
  }
}
