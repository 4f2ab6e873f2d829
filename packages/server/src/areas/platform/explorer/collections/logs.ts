import type { Activity } from '../../activity/service.ts'
import type { DocumentCollection } from '../collection.ts'
import { isUuid } from '../documents.ts'

/** Rows of the activity log. They tell what happened, so that nobody writes one or changes its words. */
export function createLogDocuments(
  activity: Pick<Activity, 'list' | 'find' | 'count' | 'remove' | 'clear'>,
): DocumentCollection {
  return {
    label: 'Activity log',
    description: 'What happened. Rows are written by the product alone and can only be deleted.',
    writers: [],
    operations: ['delete'],
    count: (ctx) => activity.count(ctx),

    async list(ctx, { limit, offset, search }) {
      if (isUuid(search)) {
        const row = await activity.find(ctx, search)
        return row === null ? { documents: [], total: 0 } : { documents: [row], total: 1 }
      }
      const { rows, total } = await activity.list(ctx, { page: offset / limit + 1, limit, search })
      return { documents: rows, total }
    },
    async find(ctx, id) {
      return isUuid(id) ? activity.find(ctx, id) : null
    },
    remove: (ctx, id) => activity.remove(ctx, id),
    clear: (ctx) => activity.clear(ctx),
  }
}
