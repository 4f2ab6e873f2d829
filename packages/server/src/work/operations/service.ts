import type { Operation, OperationState } from '@holdfast/contracts/platform/operations'
import { isFinished } from '@holdfast/contracts/platform/operations'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Catalogue } from '@holdfast/kernel/catalogue'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { AuditLog } from '../../areas/platform/audit/service.ts'
import type { Context } from '../../context.ts'
import type { Tables } from '../../tables.ts'
import type { Events } from '../events/service.ts'
import type { Jobs } from '../jobs/service.ts'
import type { OperationChanges } from './changes.ts'
import type { OperationsRepo, StoredOperation } from './repo.ts'

/** The job that runs operations wherever there is a server. */
export const runOperationJob = 'operations.run'

/** The job that runs operations where this data directory is, and nowhere else. */
export function runHereJob(place: string): string {
  return `${runOperationJob}@${place}`
}

/** What one kind of operation does. */
export interface OperationHandler {
  /** `noun.verb`; the operation's `kind`. */
  name: string
  /**
   * Runs to the end and answers the result. `ctx.signal` aborts when it is cancelled and when the server stops; in the
   * second case it is run again from the start, so what was done before must be harmless to do again.
   */
  run(ctx: Context, operation: RunningOperation): Promise<Record<string, unknown> | null>
  /**
   * Called before it ends as failed or cancelled, also when it never began: takes back what was promised for its end.
   * May be called twice, and on another server than `run`.
   */
  giveUp?(ctx: Context, input: Record<string, unknown>): Promise<void>
}

export interface RunningOperation {
  id: string
  input: Record<string, unknown>
  /** Cheap: stored at most a few times a second. */
  progress(done: number, total?: number | null, message?: string): void
}

/**
 * Operations: one row per slow thing, so that a route can answer 202 and everybody can watch.
 *
 * States: see rules.ts. Invariants: the row and its job are written together; a finished operation never changes;
 * it is its creator's own, to everybody else it does not exist; cancelling one that runs asks it to stop, and it is
 * `cancelled` when it has.
 */
export interface Operations {
  /** In `ctx.tx`, beside the change that asks for it. */
  start(ctx: Context, operation: NewOperation): Promise<Operation>
  list(ctx: Context, query: ListQuery): Promise<{ operations: Operation[]; nextCursor: string | null }>
  /** Throws operations.not_found, also for somebody else's. */
  get(ctx: Context, id: string): Promise<Operation>
  /** Throws operations.not_found, operations.already_finished. */
  cancel(ctx: Context, id: string): Promise<Operation>
  /** The operation now, unless it is no newer than `afterVersion`, and after every change until it is finished. */
  watch(ctx: Context, id: string, afterVersion: number): AsyncGenerator<Operation>
}

export interface NewOperation {
  kind: string
  input: Record<string, unknown>
  target: { type: string; id: string | null }
  /** It needs what lies in the data directory: only servers that have the same one run it. */
  isHere?: boolean
}

interface ListQuery {
  state?: OperationState | undefined
  limit: number
  cursor?: string | undefined
}

interface Needs {
  repo: OperationsRepo
  database: Pick<Database<Tables>, 'transaction'>
  jobs: Pick<Jobs, 'add'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  changes: Pick<OperationChanges, 'next'>
  /** The name of the data directory. */
  place: () => string
  /** Asked at every use, because the areas that bring them are composed after this. */
  handlers: () => Catalogue<OperationHandler>
  clock: Clock
  ids: Ids
}

export function createOperations(needs: Needs): Operations {
  const { repo, database, jobs, audit, events, changes, place, handlers, clock, ids } = needs
  const ownerOf = (ctx: Context) => (ctx.actor.kind === 'user' ? ctx.actor.userId : null)

  /** The system sees all; a user only their own. */
  function mine(ctx: Context, operation: StoredOperation | undefined): StoredOperation {
    const visible =
      ctx.actor.kind === 'system' || (operation !== undefined && operation.createdBy === ownerOf(ctx))
    if (operation === undefined || !visible) throw problem('operations.not_found')
    return operation
  }

  const get = async (ctx: Context, id: string) => mine(ctx, await repo.find(ctx, id))

  return {
    get,

    async start(ctx, { kind, input, target, isHere = false }) {
      const id = ids.uuid()
      await repo.insert(ctx, { id, kind, input, target, createdBy: ownerOf(ctx), at: clock.now() })
      const job = isHere ? runHereJob(place()) : runOperationJob
      await jobs.add(ctx, job, { id }, { key: `operation:${id}` })
      return get(ctx, id)
    },

    async list(ctx, query) {
      const owner = ownerOf(ctx)
      const operations =
        owner === null ? [] : await repo.listOf(ctx, owner, { ...query, limit: query.limit + 1 })
      const page = operations.slice(0, query.limit)
      return {
        operations: page,
        nextCursor: operations.length > query.limit ? (page.at(-1)?.id ?? null) : null,
      }
    },

    async cancel(ctx, id) {
      const { state, kind, input } = await get(ctx, id)
      // Should it begin in this moment, it finds nothing left to do.
      if (state === 'queued') await handlers().get(kind)?.giveUp?.(ctx, input)
      return database.transaction(ctx, async (tx) => {
        const operation = mine(ctx, await repo.findForUpdate(tx, id))
        if (isFinished(operation)) throw problem('operations.already_finished')
        const now = clock.now()
        const change = operation.state === 'queued' ? { state: 'cancelled' as const, finishedAt: now } : {}
        await repo.update(tx, id, { ...change, cancelRequested: true }, now)
        if (change.state === 'cancelled')
          await events.append(tx, { type: 'operation.finished', data: { id, kind, state: change.state } })
        await audit.append(tx, { target: { type: 'operation', id }, details: { kind } })
        return get(tx, id)
      })
    },

    async *watch(ctx, id, afterVersion) {
      let version = afterVersion
      while (!ctx.signal.aborted) {
        // Asked for before the row is read, so that a change in between is not slept through.
        const changed = changes.next(id, ctx.signal)
        const operation = await get(ctx, id)
        if (operation.version > version) {
          version = operation.version
          yield operation
        }
        if (isFinished(operation)) return
        await changed
      }
    },
  }
}
