import { success } from '@holdfast/contracts/kit/answer'
import { clearActivity, clearOldActivity, listActivity } from '@holdfast/contracts/platform/activity'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Activity } from './service.ts'

export function bindActivity(activity: Activity, perPage: () => number): BoundRoute[] {
  return [
    handle(listActivity, async (ctx, { query }) => {
      const { page, limit = perPage() } = query
      const { rows, total } = await activity.list(ctx, { ...query, limit })
      return { ...success(rows), meta: { page, limit, total } }
    }),
    handle(clearActivity, async (ctx) => success({ deleted: await activity.clear(ctx) })),
    handle(clearOldActivity, async (ctx) => success({ deleted: await activity.clearOld(ctx) })),
  ]
}
