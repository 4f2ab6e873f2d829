import { success } from '@holdfast/contracts/kit/answer'
import {
  cancelOperation,
  getOperation,
  listOperations,
  Operation,
  watchOperation,
} from '@holdfast/contracts/platform/operations'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import { lastEventId, type ServerSentEvent, sse } from '../../../http/sse.ts'
import type { Operations } from '../../../work/operations/service.ts'

export function bindOperations(operations: Operations): BoundRoute[] {
  return [
    handle(listOperations, async (ctx, { query }) => {
      const page = await operations.list(ctx, query)
      return { ...success(page.operations), next_cursor: page.nextCursor }
    }),
    handle(getOperation, async (ctx, { params }) => success(await operations.get(ctx, params.id))),
    handle(cancelOperation, async (ctx, { params }) => success(await operations.cancel(ctx, params.id))),
    handle(watchOperation, async (ctx, { params }, request) => {
      // Refuses before the stream begins: afterwards there is no status left to answer with.
      await operations.get(ctx, params.id)
      const afterVersion = Number(lastEventId(request.headers) ?? 0)
      return sse(
        framesOf(operations.watch(ctx, params.id, Number.isFinite(afterVersion) ? afterVersion : 0)),
        ctx.signal,
      )
    }),
  ]
}

async function* framesOf(changes: AsyncIterable<Operation>): AsyncGenerator<ServerSentEvent> {
  for await (const operation of changes) {
    // A stream is not parsed against the contract on its way out: what the contract does not name is stripped here.
    yield { event: 'operation', id: operation.version, data: Operation.parse(operation) }
  }
}
