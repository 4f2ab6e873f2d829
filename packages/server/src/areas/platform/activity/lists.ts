import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../context.ts'
import { parseCursor, writeCursor } from '../audit/trail/rules.ts'
import type { Question } from './reading/repo.ts'
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
    const until = found?.day == null ? null : new Date(Date.parse(found.day) + dayMs).toISOString()
    const rows =
      found === undefined
        ? []
        : await reading.all(ctx, { until, limit: limit + 1, offset: offset - found.later })
    const last = rows.length > limit ? rows[limit - 1] : undefined
    const nextCursor = last === undefined ? null : writeCursor({ at: last.createdAt, id: last.id })
    return { rows: rows.slice(0, limit), total: await count(ctx), totalIsLowerBound: false, nextCursor }
  }

  async function filtered(ctx: Context, question: Question, page: number, limit: number) {
    const { countedMax } = reading
    const offset = (page - 1) * limit
    if (page > 1 && offset + limit > countedMax) throw beyondPages(countedMax)
    const places = await reading.places(ctx, question)
    const shown = places.slice(offset, offset + limit)
    const last = places.length > offset + limit ? shown.at(-1) : undefined
    return {
      rows: await reading.at(ctx, shown),
      total: Math.min(places.length, countedMax),
      totalIsLowerBound: places.length > countedMax,
      nextCursor: last === undefined ? null : writeCursor(last),
    }
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
      return isWhole
        ? everything(ctx, limit, (page - 1) * limit)
        : filtered(ctx, { filters: { ...filters, ...span }, search: searchOf(search), before }, page, limit)
    },
  }
}

function searchOf(text: string): Question['search'] {
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
