import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../context.ts'
import { parseCursor, writeCursor } from '../audit/trail/rules.ts'
import type { ActivityPage } from './reading/repo.ts'
import type { ActivityRepo } from './repo.ts'
import { storableInstant } from './rules.ts'
import type { Activity } from './service.ts'
import { parseSearch } from './words.ts'

type Needs = Pick<ActivityRepo, 'count' | 'dayAt' | 'reading'>

const dayMs = 86_400_000

/** Looking through the log: all of it, however large it is, by what is counted and by indexes. */
export function createActivityLists({ count, dayAt, reading }: Needs): Pick<Activity, 'list'> {
  /** Whole days are left out by their counters, so that a deep page costs what one day costs. */
  async function everything(ctx: Context, limit: number, offset: number) {
    const found = offset === 0 ? { day: null, later: 0 } : await dayAt(ctx, offset)
    const until = found?.day == null ? undefined : new Date(Date.parse(found.day) + dayMs).toISOString()
    const where = { filters: { until }, search: null, before: null }
    const rows =
      found === undefined
        ? []
        : await reading.list(ctx, { ...where, limit: limit + 1, offset: offset - found.later })
    return { rows, total: await count(ctx), totalIsLowerBound: false }
  }

  async function filtered(
    ctx: Context,
    where: Omit<ActivityPage, 'limit' | 'offset'>,
    page: number,
    limit: number,
  ) {
    const { countedMax } = reading
    const offset = (page - 1) * limit
    if (page > 1 && offset + limit > countedMax) throw beyondPages(countedMax)
    const rows = await reading.list(ctx, { ...where, limit: limit + 1, offset })
    // A first page that is not full is all there is.
    if (page === 1 && rows.length <= limit) return { rows, total: rows.length, totalIsLowerBound: false }
    const total = await reading.countListed(ctx, where)
    return { rows, total: Math.min(total, countedMax), totalIsLowerBound: total > countedMax }
  }

  return {
    async list(ctx, { page, limit, cursor, search = '', ...filters }) {
      const before = cursor === undefined || cursor === '' ? null : placeOf(cursor)
      const { since, until } = filters
      const span = {
        ...(since !== undefined && { since: storableInstant(since) }),
        ...(until !== undefined && { until: storableInstant(until) }),
      }
      const isWhole =
        before === null &&
        search.trim() === '' &&
        Object.values(filters).every((value) => value === undefined || value === '')
      const where = { filters: { ...filters, ...span }, search: searchOf(search), before }
      const { rows, ...counted } = isWhole
        ? await everything(ctx, limit, (page - 1) * limit)
        : await filtered(ctx, where, page, limit)
      const shown = rows.slice(0, limit)
      const last = rows.length > limit ? shown.at(-1) : undefined
      const nextCursor = last === undefined ? null : writeCursor({ at: last.createdAt, id: last.id })
      return { rows: shown, ...counted, nextCursor }
    },
  }
}

function searchOf(text: string): ActivityPage['search'] {
  if (text.trim() === '') return null
  const search = parseSearch(text)
  if (search !== null) return search
  throw problem('request.invalid', {
    sentence: 'A search of the activity log needs a letter or a digit.',
    details: [{ path: 'query.search', message: 'must hold a letter or a digit' }],
  })
}

function beyondPages(countedMax: number) {
  const message = `reaches the newest ${countedMax.toLocaleString('en')} rows of a search; go on with cursor`
  return problem('request.invalid', {
    sentence:
      'This page is too far back. Go on with the next_cursor of an earlier answer, or narrow the search.',
    details: [{ path: 'query.page', message }],
  })
}

function placeOf(cursor: string): { at: string; id: string } {
  const place = parseCursor(cursor)
  if (place !== undefined) return { ...place, at: storableInstant(place.at) }
  throw problem('request.invalid', {
    sentence: 'The cursor is not one this list has given. Start again without it.',
    details: [{ path: 'query.cursor', message: 'must be the next_cursor of an earlier answer' }],
  })
}
