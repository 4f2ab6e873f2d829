import { problem } from '@holdfast/contracts/problems'
import { databaseErrorCode } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Viewer } from './admission.ts'
import { type Answer, type Call, json } from './call.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { type ListPage, recordOf, type StoredRecord } from './repo/hot-statements.ts'
import type { Lanes } from './repo/lanes.ts'
import type { Plan } from './plan.ts'
import { isUnchanged } from './preconditions.ts'
import { type ListQuery, parseListQuery } from './query.ts'
import { countSql, listSql } from './repo/query-sql.ts'
import type { RecordAccess } from './record-access.ts'
import type { Renderer } from './renderer.ts'
import { entityTag } from './rendering.ts'

/** GET: one record, or a list of them. */
export interface Reading {
  get(plan: Plan, viewer: Viewer, call: Call, id: string): Promise<Answer>
  list(plan: Plan, viewer: Viewer, call: Call): Promise<Answer>
}

interface Needs {
  access: RecordAccess
  /** Connections for what may be slow. */
  queries: Lanes
  renderer: Renderer
  clock: Clock
}

/** Filtered totals are exact up to here; beyond, `meta.totalIsLowerBound` is true. */
const countedMax = 10_000
const recordIdPattern = /^[0-9a-fA-F]{24}$/

export function createReading({ access, queries, renderer, clock }: Needs): Reading {
  const renderedPages = new WeakMap<ListPage, string>()

  const render = async (...what: Parameters<Renderer>) => (await renderer(...what)).join(',')

  /** A page in the natural order: shared by everybody who asks for it at this moment. */
  async function plainPage(plan: Plan, viewer: Viewer, call: Call, query: ListQuery): Promise<string> {
    const { collection } = plan.endpoint
    const page = await access.page(plan.pageKey((query.page - 1) * query.limit, query.limit))
    const isShared = !plan.isRestricted && query.fields === null && query.populate === null
    const known = isShared ? renderedPages.get(page) : undefined
    if (known !== undefined) return known
    const text = listText(await render(collection, page.records, viewer, query, call), query, page.records, {
      total: page.total,
    })
    if (isShared) renderedPages.set(page, text)
    return text
  }

  async function searchedPage(plan: Plan, viewer: Viewer, call: Call, query: ListQuery): Promise<string> {
    const { collection } = plan.endpoint
    const after = readCursor(query)
    const now = clock.now().toISOString()
    const { records, last, total } = await queries.use(async (lane) => {
      const listed = listSql(collection, query, after, now)
      const { rows } = await lane.run(listed.statement, listed.values)
      const isFiltered = query.conditions.length > 0 || query.search !== null
      if (!isFiltered) return { ...readRows(rows), total: null }
      // A first page that is not full is the whole result.
      if (after === null && query.page === 1 && rows.length < query.limit)
        return { ...readRows(rows), total: rows.length }
      const counting = countSql(collection, query, countedMax + 1, now)
      const counted = await lane.run(counting.statement, counting.values)
      return { ...readRows(rows), total: Number(counted.rows[0]?.[0] ?? 0) }
    })
    const meta =
      total === null
        ? { total: (await access.page(plan.pageKey(0, 1))).total }
        : { total: Math.min(total, countedMax), ...(total > countedMax && { totalIsLowerBound: true }) }
    return listText(await render(collection, records, viewer, query, call), query, records, meta, last)
  }

  return {
    async get({ endpoint: { collection } }, viewer, call, id) {
      const query = parseListQuery(call.query, collection, viewer.groupIds)
      const record = recordIdPattern.test(id) ? await access.find(collection, id.toLowerCase()) : null
      if (record === null) throw problem('records.not_found')
      const isWhole = query.fields === null && query.populate === null
      const tag = isWhole ? entityTag(record.version) : `W/${entityTag(record.version)}`
      const headers = ['etag', tag, 'cache-control', 'private, no-cache']
      // What is expanded changes without the record, so only the record alone can be called unchanged.
      if (query.populate === null && isUnchanged(call.header('if-none-match'), record.version))
        return { status: 304, headers, body: null }
      return json(
        200,
        `{"success":true,"data":${await render(collection, [record], viewer, query, call)}}`,
        headers,
      )
    },

    async list(plan, viewer, call) {
      const query = parseListQuery(call.query, plan.endpoint.collection, viewer.groupIds)
      const isPlain =
        query.conditions.length === 0 &&
        query.sort.length === 0 &&
        query.search === null &&
        query.cursor === null
      const text = await (isPlain ? plainPage : searchedPage)(plan, viewer, call, query).catch(
        refuseSlowQuery,
      )
      return json(200, text, ['cache-control', 'no-store'])
    },
  }
}

function readRows(rows: readonly (readonly (string | null)[])[]) {
  const lastRow = rows.at(-1)
  return { records: rows.map(recordOf), last: lastRow === undefined ? [] : lastRow.slice(5) }
}

function listText(
  data: string,
  query: ListQuery,
  records: readonly StoredRecord[],
  meta: { total: number; totalIsLowerBound?: boolean },
  last: readonly (string | null)[] = [],
): string {
  const lastRecord = records.length === query.limit ? records.at(-1) : undefined
  const nextCursor = lastRecord === undefined ? null : writeCursor(query, { id: lastRecord.id, values: last })
  return `{"success":true,"data":[${data}],"meta":${JSON.stringify({ page: query.page, limit: query.limit, ...meta, nextCursor })}}`
}

const statementTimedOut = '57014'

/** A statement that ran into its time limit, or a value that PostgreSQL could not read as its type. */
function refuseSlowQuery(error: unknown): never {
  const code = databaseErrorCode(error)
  if (code === statementTimedOut) throw problem('records.query_too_slow', { cause: error })
  if (code?.startsWith('22')) throw problem('records.query_invalid', { cause: error })
  throw error
}
