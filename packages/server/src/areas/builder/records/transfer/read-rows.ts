import { CsvError, parse as csvParser } from 'csv-parse'
import { Readable } from 'node:stream'
import type { Collection } from '../../model.ts'
import { parseBody } from '../body.ts'
import { columnsOf, recordOfCells } from './csv.ts'
import { readJsonList, readLines, rowLengthMax, type TextRow, UploadUnreadable } from './text-rows.ts'

export const importFormats = ['ndjson', 'csv', 'json'] as const
export type ImportFormat = (typeof importFormats)[number]

/** One record of an upload, or why it could not even be read. `text` is what stood there. */
export interface ReadRow extends TextRow {
  value: unknown
  refusal: string | null
}

/** Throws UploadUnreadable when the file as a whole makes no sense. */
export function readRows(
  format: ImportFormat,
  bytes: AsyncIterable<Uint8Array>,
  collection: Collection,
  groupIds: readonly string[],
): AsyncGenerator<ReadRow> {
  if (format === 'csv') return readTable(bytes, collection, groupIds)
  return parseRows(format === 'json' ? readJsonList(bytes) : readLines(bytes))
}

async function* parseRows(rows: AsyncIterable<TextRow>): AsyncGenerator<ReadRow> {
  for await (const row of rows) {
    try {
      yield { ...row, value: parseBody(row.text), refusal: null }
    } catch (error) {
      yield { ...row, value: null, refusal: error instanceof Error ? error.message : String(error) }
    }
  }
}

/** What csv-parse answers with `info`: the cells, and how far it has read. */
interface TableRow {
  record: string[]
  info: { bytes: number }
}

async function* readTable(
  bytes: AsyncIterable<Uint8Array>,
  collection: Collection,
  groupIds: readonly string[],
): AsyncGenerator<ReadRow> {
  const columns = columnsOf(collection, groupIds)
  const parser = Readable.from(bytes).pipe(
    csvParser({
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: rowLengthMax,
      info: true,
    }),
  )
  let header: string[] | null = null
  let line = 1
  try {
    for await (const { record: cells, info } of parser as AsyncIterable<TableRow>) {
      if (header === null) {
        header = readHeader(cells)
        continue
      }
      line += 1
      const text = JSON.stringify(cells)
      if (cells.length > header.length)
        yield {
          line,
          text,
          endBytes: info.bytes,
          value: null,
          refusal: `The row has ${cells.length} cells, the header ${header.length}.`,
        }
      else {
        const record = JSON.stringify(recordOfCells(header, cells, columns))
        yield* parseRows(oneRow({ line, text: record, endBytes: info.bytes }))
      }
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new UploadUnreadable(`The table cannot be read: ${error.message}.`, { cause: error })
    throw error
  }
}

async function* oneRow(row: TextRow): AsyncGenerator<TextRow> {
  yield row
}

function readHeader(cells: readonly string[]): string[] {
  const header = cells.map((cell) => cell.trim())
  const repeated = header.find((name, index) => header.indexOf(name) !== index)
  if (repeated !== undefined)
    throw new UploadUnreadable(`Two columns are called "${repeated}". Rename one of them.`)
  return header
}
