import type { Operation, OperationState } from '@holdfast/contracts/platform/operations'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import type { Tables } from '../../tables.ts'

/** Carries the id of the operation that changed. */
export const operationsChannel = 'holdfast_operations'

type Reader = Partial<Pick<Context, 'tx'>>
export type OperationsRepo = ReturnType<typeof createOperationsRepo>

export interface NewOperation {
  id: string
  kind: string
  input: Record<string, unknown>
  target: { type: string; id: string | null }
  createdBy: string | null
  at: Date
}

/** Properties that are absent stay as they are. */
export interface OperationChange {
  state?: OperationState
  progress?: { done: number; total: number | null }
  message?: string | null
  problem?: Operation['problem']
  result?: Operation['result']
  cancelRequested?: boolean
  startedAt?: Date
  finishedAt?: Date
}

export function createOperationsRepo(database: Database<Tables>) {
  const select = (ctx: Reader) =>
    database
      .of(ctx)
      .selectFrom('operations')
      .select([
        'id',
        'kind',
        'message',
        'created_by as createdBy',
        'version',
        'cancel_requested as cancelRequested',
      ])
      .select([
        'created_at as createdAt',
        'started_at as startedAt',
        'finished_at as finishedAt',
        'updated_at as updatedAt',
      ])
      .select([
        sql<OperationState>`state`.as('state'),
        sql<Operation['progress']>`jsonb_build_object('done', progress_done, 'total', progress_total)`.as(
          'progress',
        ),
        sql<Operation['problem']>`problem`.as('problem'),
        sql<Operation['result']>`result`.as('result'),
        sql<Record<string, unknown>>`input`.as('input'),
        sql<Operation['target']>`jsonb_build_object('type', target_type, 'id', target_id)`.as('target'),
      ])

  return {
    listen: (handler: (id: string | null) => void) => database.listen(operationsChannel, handler),

    find: (ctx: Reader, id: string) => select(ctx).where('id', '=', id).executeTakeFirst(),

    findForUpdate: (ctx: Reader, id: string) =>
      select(ctx).where('id', '=', id).forUpdate().executeTakeFirst(),

    /** Newest first, after the one with id `cursor`. */
    listOf: (
      ctx: Reader,
      userId: string,
      query: { state?: OperationState | undefined; limit: number; cursor?: string | undefined },
    ) =>
      select(ctx)
        .where('created_by', '=', userId)
        .$if(query.state !== undefined, (rows) => rows.where('state', '=', query.state ?? 'queued'))
        .$if(query.cursor !== undefined, (rows) => rows.where('id', '<', query.cursor ?? ''))
        .orderBy('id', 'desc')
        .limit(query.limit)
        .execute(),

    async insert(ctx: Context, operation: NewOperation): Promise<void> {
      const at = operation.at.toISOString()
      await database
        .of(ctx)
        .insertInto('operations')
        .values({
          id: operation.id,
          kind: operation.kind,
          state: 'queued',
          input: JSON.stringify(operation.input),
          target_type: operation.target.type,
          target_id: operation.target.id,
          created_by: operation.createdBy,
          created_at: at,
          updated_at: at,
        })
        .execute()
    },

    async update(ctx: Reader, id: string, change: OperationChange, at: Date): Promise<void> {
      const json = (value: object | null) => (value === null ? null : JSON.stringify(value))
      await database
        .of(ctx)
        .updateTable('operations')
        .set({
          updated_at: at.toISOString(),
          ...(change.state !== undefined && { state: change.state }),
          ...(change.progress !== undefined && {
            progress_done: change.progress.done,
            progress_total: change.progress.total,
          }),
          ...(change.message !== undefined && { message: change.message }),
          ...(change.problem !== undefined && { problem: json(change.problem) }),
          ...(change.result !== undefined && { result: json(change.result) }),
          ...(change.cancelRequested !== undefined && { cancel_requested: change.cancelRequested }),
          ...(change.startedAt !== undefined && { started_at: change.startedAt.toISOString() }),
          ...(change.finishedAt !== undefined && { finished_at: change.finishedAt.toISOString() }),
        })
        .set({ version: sql<number>`version + 1` })
        .where('id', '=', id)
        .execute()
      await database.notify(ctx, operationsChannel, id)
    },

    /** Those that no job will take further: theirs has used up its attempts, or is gone. */
    listAbandoned: (max: number) =>
      select({})
        .where('finished_at', 'is', null)
        .where(
          sql<boolean>`not exists (select 1 from graphile_worker.jobs as job
            where job.key = 'operation:' || operations.id
              and (job.locked_at is not null or job.attempts < job.max_attempts))`,
        )
        .orderBy('id')
        .limit(max)
        .execute(),

    async removeFinishedBefore(at: Date): Promise<void> {
      await database.kysely.deleteFrom('operations').where('finished_at', '<', at.toISOString()).execute()
    },
  }
}
export type StoredOperation = NonNullable<Awaited<ReturnType<OperationsRepo['find']>>>
