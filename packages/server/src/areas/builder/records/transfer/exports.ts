import { stringify } from 'csv-stringify/sync'
import type { TransferFormat } from '@holdfast/contracts/builder/records'
import type { StreamedBody } from '@holdfast/contracts/kit/media'
import type { Context } from '../../../../context.ts'
import { safeCell } from '../../../../spreadsheet.ts'
import type { Collection, EndpointModel } from '../../model.ts'
import { planOf } from '../plan.ts'
import { parseListQuery } from '../query.ts'
import type { RecordAccess } from '../record-access.ts'
import { decodeRecord } from '../rendering.ts'
import type { StoredRecord } from '../repo/hot-statements.ts'
import type { ReadPages } from './pages.ts'
import { cellOf, columnsOf, factColumns, wholeRecordColumn } from './csv.ts'

/**
 * Export: a stream of all records that the filters leave, oldest first, read in pages as fast as the client takes them.
 * Nothing is locked: what is written meanwhile may or may not be in it. A stream that cannot be finished ends as a broken
 * connection, never as a shorter file.
 */
export interface Exports {
  /** Throws endpoints.not_found, records.query_invalid. `itemCount` is that of the whole collection. */
  open(ctx: Context, endpointId: string, format: TransferFormat, query: string): Promise<StreamedBody>
  /** Every record of a collection as the caller may see it, with its id, oldest first. */
  pages(ctx: Context, collection: Collection): AsyncGenerator<Record<string, unknown>[]>
}

interface Needs {
  readPages: ReadPages
  access: Pick<RecordAccess, 'page'>
  findEndpoint(id: string): EndpointModel
}

const contentTypes: Readonly<Record<TransferFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
}

const everything = { conditions: [], search: null }

export function createExports({ readPages, access, findEndpoint }: Needs): Exports {
  return {
    async *pages(ctx, collection) {
      const groupIds = ctx.actor.kind === 'user' ? ctx.actor.groupIds : []
      for await (const records of readPages(ctx, collection, everything))
        yield records.map((record) => ({ _id: record.id, ...decodeRecord(collection, record, groupIds) }))
    },

    async open(ctx, endpointId, format, queryText) {
      const endpoint = findEndpoint(endpointId)
      const { collection } = endpoint
      const groupIds = ctx.actor.kind === 'user' ? ctx.actor.groupIds : []
      const query = parseListQuery(queryText, collection, groupIds)
      // What cannot even begin is refused with a reason, not with a broken file.
      const records = await begun(readPages(ctx, collection, query))
      const isWhole = query.conditions.length === 0 && query.search === null
      const { total } = await access.page(planOf(endpoint).pageKey(0, 1))
      const name = collection.path.split('/').findLast((segment) => segment !== '') ?? 'records'
      const writers = { ndjson: writeLines, json: writeList, csv: writeTable }
      return {
        contentType: contentTypes[format],
        fileName: `${name}.${format}`,
        ...(isWhole && { itemCount: total }),
        body: writers[format](records, collection, groupIds),
      }
    },
  }
}

type Pages = AsyncIterable<StoredRecord[]>

/** The same pages, the first of them read already. */
async function begun(pages: AsyncGenerator<StoredRecord[]>): Promise<Pages> {
  const first = await pages.next()
  return (async function* all() {
    if (first.done !== true) yield first.value
    yield* pages
  })()
}

function shown(
  collection: Collection,
  record: StoredRecord,
  groupIds: readonly string[],
): Record<string, unknown> {
  const { id, createdAt, updatedAt } = record
  return { _id: id, ...decodeRecord(collection, record, groupIds), createdAt, updatedAt }
}

async function* writeLines(
  pages: Pages,
  collection: Collection,
  groupIds: readonly string[],
): AsyncGenerator<string> {
  for await (const records of pages) {
    yield records.map((record) => `${JSON.stringify(shown(collection, record, groupIds))}\n`).join('')
  }
}

async function* writeList(
  pages: Pages,
  collection: Collection,
  groupIds: readonly string[],
): AsyncGenerator<string> {
  let separator = '['
  for await (const records of pages) {
    yield separator + records.map((record) => JSON.stringify(shown(collection, record, groupIds))).join(',\n')
    separator = ',\n'
  }
  yield separator === '[' ? '[]\n' : ']\n'
}

async function* writeTable(
  pages: Pages,
  collection: Collection,
  groupIds: readonly string[],
): AsyncGenerator<string> {
  const columns = columnsOf(collection, groupIds)
  const [idColumn, ...dates] = factColumns
  yield stringify([
    [idColumn, ...(columns?.map(({ name }) => name) ?? [wholeRecordColumn]), ...dates].map(safeCell),
  ])
  for await (const records of pages) {
    yield stringify(
      records.map((record) => {
        const properties = decodeRecord(collection, record, groupIds)
        const cells =
          columns === null
            ? [JSON.stringify(properties)]
            : columns.map((column) => cellOf(properties, column))
        return [record.id, ...cells.map(safeCell), record.createdAt, record.updatedAt]
      }),
    )
  }
}
