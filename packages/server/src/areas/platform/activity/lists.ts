import { problem } from '@holdfast/contracts/problems'
import { parseCursor, writeCursor } from '../audit/trail/rules.ts'
import { storableInstant } from './rules.ts'
import type { ActivityRepo } from './repo.ts'
import type { Activity } from './service.ts'

type Needs = Pick<ActivityRepo, 'count' | 'reading'>

/** Looking through the log, a window at a time. */
export function createActivityLists({ count, reading }: Needs): Pick<Activity, 'list'> {
  return {
    async list(ctx, { page, limit, cursor, ...filters }) {
      const before = cursor === undefined ? null : placeOf(cursor)
      const { since, until } = filters
      const span = {
        ...(since !== undefined && { since: storableInstant(since) }),
        ...(until !== undefined && { until: storableInstant(until) }),
      }
      const where = { filters: { ...filters, ...span }, before }
      const isWhole =
        before === null && Object.values(filters).every((value) => value === undefined || value === '')
      const rows = await reading.list(ctx, { ...where, limit, offset: (page - 1) * limit })
      const isAll = page === 1 && rows.length < limit
      const total = isWhole
        ? Math.min(await count(ctx), reading.windowRows)
        : isAll
          ? rows.length
          : await reading.countListed(ctx, where)
      const last = rows.length === limit ? rows.at(-1) : undefined
      // A page that is not full ends where the window does.
      const end =
        last === undefined ? await reading.windowEnd(ctx, where) : { at: last.createdAt, id: last.id }
      return { rows, total, nextCursor: end === undefined ? null : writeCursor(end) }
    },
  }
}

function placeOf(cursor: string): { at: string; id: string } {
  const place = parseCursor(cursor)
  if (place !== undefined) return { ...place, at: storableInstant(place.at) }
  throw problem('request.invalid', {
    sentence: 'The cursor is not one this list has given. Start again without it.',
    details: [{ path: 'query.cursor', message: 'must be the next_cursor of an earlier answer' }],
  })
}
