import { z } from 'zod'
import { ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { stream } from '../kit/media.ts'
import { route } from '../kit/route.ts'

export const operationStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type OperationState = (typeof operationStates)[number]

/** One slow thing: what a route that answers 202 hands back. */
export const Operation = z
  .object({
    id: Id,
    /** `noun.verb` of the work, such as `records.import`. */
    kind: z.string(),
    state: z.enum(operationStates),
    /** `total` is null while it is not known. */
    progress: z.object({ done: z.number(), total: z.number().nullable() }),
    message: z.string().nullable(),
    /** Why it failed, in the words of the problems catalogue. */
    problem: z.object({ code: z.string(), error: z.string() }).nullable(),
    result: z.record(z.string(), z.unknown()).nullable(),
    target: z.object({ type: z.string(), id: z.string().nullable() }),
    createdBy: Id.nullable(),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
    updatedAt: Timestamp,
    /** Rises with every change; the id of its Server-Sent Events. */
    version: z.int(),
  })
  .meta({ id: 'Operation' })
export type Operation = z.output<typeof Operation>

/** True when nothing will happen any more. */
export function isFinished(operation: Pick<Operation, 'state'>): boolean {
  return operation.state !== 'queued' && operation.state !== 'running'
}

const OperationParams = z.object({ id: Id })

export const listOperations = route({
  id: 'operations.list',
  method: 'GET',
  path: '/api/operations',
  summary: 'List your operations, newest first',
  access: { signedIn: true },
  query: z.object({
    state: z.enum(operationStates).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(20),
    cursor: Id.optional().describe('`next_cursor` of the previous answer.'),
  }),
  answers: {
    200: z.object({ success: z.literal(true), data: z.array(Operation), next_cursor: Id.nullable() }),
  },
})

export const getOperation = route({
  id: 'operations.get',
  method: 'GET',
  path: '/api/operations/{id}',
  summary: 'Get an operation',
  access: { signedIn: true },
  params: OperationParams,
  answers: { 200: ok(Operation) },
  problems: ['operations.not_found'],
})

export const cancelOperation = route({
  id: 'operations.cancel',
  method: 'DELETE',
  path: '/api/operations/{id}',
  summary: 'Cancel an operation; what it has done so far stays as its kind describes',
  access: { signedIn: true },
  audit: 'operation.cancelled',
  params: OperationParams,
  answers: { 200: ok(Operation) },
  problems: ['operations.not_found', 'operations.already_finished'],
})

export const watchOperation = route({
  id: 'operations.watch',
  method: 'GET',
  path: '/api/operations/{id}/events',
  summary: 'Follow an operation as Server-Sent Events until it is finished; resumes by Last-Event-ID',
  access: { signedIn: true },
  params: OperationParams,
  answers: { 200: stream('text/event-stream') },
  problems: ['operations.not_found'],
})

export const operationRoutes = [listOperations, getOperation, cancelOperation, watchOperation] as const
