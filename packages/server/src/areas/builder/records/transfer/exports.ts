import { stringify } from 'csv-stringify/sync'
import type { TransferFormat } from '@holdfast/contracts/builder/records'
import type { StreamedBody } from '@holdfast/contracts/kit/media'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../../context.ts'
import { safeCell } from '../../../../spreadsheet.ts'
import type { Collection, EndpointModel } from '../../model.ts'
import { type ListQuery, parseListQuery } from '../query.ts'
import { decodeRecord } from '../rendering.ts'
import { recordOf, type StoredRecord } from '../repo/hot-statements.ts'
import type { Lanes } from '../repo/lanes.ts'
import { exportSql } from '../repo/query-sql.ts'
import { cellOf, columnsOf, factColumns, wholeRecordColumn } from './csv.ts'

/**
 * Export: a stream of all records that the filters leave, oldest first, read in pages as fast as the client takes them.
 * Nothing is locked: what is written meanwhile may or may not be in it.
 */
export interface Exports {
  /** Throws endpoints.not_found, records.query_invalid. */
  open(ctx: Context, endpointId: string, format: TransferFormat, query: string): StreamedBody
  /** Every record of a collection as the caller may see it, with its id, oldest first. */
  pages(ctx: Context, collection: Collection): AsyncGenerator<Record<string, unknown>[]>
}

interface Needs {
  queries: Lanes
  findEndpoint(id: string): EndpointModel
  clock: Clock
}

const pageMax = 1_000
const contentTypes: Readonly<Record<TransferFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
}

export function createExports({ queries, findEndpoint, clock }: Needs): Exports {
  async function* pages(
    ctx: Context,
    collection: Collection,
    query: ListQuery,
  ): AsyncGenerator<StoredRecord[]> {
    const now = clock.now().toISOString()
    let after = ''
    for (;;) {
      ctx.signal.throwIfAborted()
      const { statement, values } = exportSql(collection, query, after, pageMax, now)
      const { rows } = await queries.use((lane) => lane.run(statement, values))
      if (rows.length > 0) yield rows.map(recordOf)
      if (rows.length < pageMax) return
      after = rows.at(-1)?.[0] ?? after
    }
  }

  return {
    async *pages(ctx, collection) {
      const groupIds = ctx.actor.kind === 'user' ? ctx.actor.groupIds : []
      for await (const records of pages(ctx, collection, parseListQuery('', collection, groupIds)))
        yield records.map((record) => ({ _id: record.id, ...decodeRecord(collection, record, groupIds) }))
    },

    open(ctx, endpointId, format, queryText) {
      const { collection } = findEndpoint(endpointId)
      const groupIds = ctx.actor.kind === 'user' ? ctx.actor.groupIds : []
      const query = parseListQuery(queryText, collection, groupIds)
      const records = pages(ctx, collection, query)
      const name = collection.path.split('/').findLast((segment) => segment !== '') ?? 'records'
      const writers = { ndjson: writeLines, json: writeList, csv: writeTable }
      return {
        contentType: contentTypes[format],
        fileName: `${name}.${format}`,
        body: writers[format](records, collection, groupIds),
      }
    },
  }
}

type Pages = AsyncIterable<StoredRecord[]>

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
