import { isProblem } from '@holdfast/contracts/kit/problem'
import { databaseErrorCode } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../../context.ts'
import type { Collection } from '../../model.ts'
import type { ListQuery } from '../query.ts'
import { recordOf, type StoredRecord } from '../repo/hot-statements.ts'
import type { Lane, Lanes } from '../repo/lanes.ts'
import { exportSql, windowEndSql } from '../repo/query-sql.ts'

/**
 * All records that a query finds, oldest first, in pages. Each statement looks at a window of the records and answers a
 * page of them; both shrink when the statement takes too long or its answer is too large, and grow again when it does
 * not. So a filter that finds one record in a million is as safe to export as everything.
 */
export type ReadPages = (
  ctx: Pick<Context, 'signal'>,
  collection: Collection,
  query: Pick<ListQuery, 'conditions' | 'search'>,
) => AsyncGenerator<StoredRecord[]>

/** Records of one page, and records that one statement looks at. */
const pageMax = 1_000
const windowMax = 1_000_000
const windowFirst = 10_000
const statementTimedOut = '57014'

export function createReadPages(needs: { queries: Lanes; clock: Clock }): ReadPages {
  const { queries, clock } = needs
  return async function* pages(ctx, collection, query) {
    const now = clock.now().toISOString()
    const isFiltered = query.conditions.length > 0 || query.search !== null
    let page = pageMax
    let window = windowFirst
    let after = ''
    const read = async (lane: Lane) => {
      let end: string | null = null
      if (isFiltered) {
        const built = windowEndSql(collection, after, window)
        const found = await lane.run(built.statement, built.values)
        end = found.rows[0]?.[0] ?? null
      }
      const { statement, values } = exportSql(collection, query, { after, end }, page, now)
      return { end, ...(await lane.run(statement, values)) }
    }
    for (;;) {
      ctx.signal.throwIfAborted()
      const result = await queries.use(read).catch((error: unknown) => {
        const isTooLarge = isProblem(error, 'records.too_large_together')
        const isTooSlow = databaseErrorCode(error) === statementTimedOut
        if (!(isTooLarge || isTooSlow) || (page === 1 && window === 1)) throw error
        return null
      })
      if (result === null) {
        page = Math.ceil(page / 4)
        window = Math.ceil(window / 4)
        continue
      }
      const { rows, end } = result
      if (rows.length > 0) yield rows.map(recordOf)
      const isPageFull = rows.length === page
      if (!isPageFull && end === null) return
      after = (isPageFull ? rows.at(-1)?.[0] : end) ?? after
      page = Math.min(pageMax, page * 2)
      window = Math.min(windowMax, window * 2)
    }
  }
}
