import { success } from '@holdfast/contracts/kit/answer'
import { problem } from '@holdfast/contracts/problems'
import {
  clearActivity,
  clearOldActivity,
  followActivity,
  getActivity,
  listActivity,
  ActivityRow,
} from '@holdfast/contracts/platform/activity'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import { type ServerSentEvent, sse } from '../../../http/sse.ts'
import type { Activity } from './service.ts'

export function bindActivity(activity: Activity, perPage: () => number): BoundRoute[] {
  return [
    handle(listActivity, async (ctx, { query }) => {
      const { page, limit = perPage() } = query
      const { rows, total, totalIsLowerBound, nextCursor } = await activity.list(ctx, { ...query, limit })
      const meta = { page, limit, total, ...(totalIsLowerBound && { totalIsLowerBound }) }
      return { ...success(rows), meta, next_cursor: nextCursor }
    }),
    handle(getActivity, async (ctx, { params }) => {
      const row = await activity.find(ctx, params.id)
      if (row === null) throw problem('activity.not_found')
      return success(row)
    }),
    handle(followActivity, async (ctx, { query }) => sse(framesOf(activity.follow(ctx, query)), ctx.signal)),
    handle(clearActivity, async (ctx) => success({ deleted: await activity.clear(ctx) })),
    handle(clearOldActivity, async (ctx) => success({ deleted: await activity.clearOld(ctx) })),
  ]
}

async function* framesOf(rows: AsyncIterable<ActivityRow>): AsyncGenerator<ServerSentEvent> {
  // A stream is not parsed against the contract on its way out: what the contract does not name is stripped here.
  for await (const row of rows) yield { event: 'activity', id: row.id, data: ActivityRow.parse(row) }
}
