import { z } from 'zod'

/**
 * A backup is a gzipped tar, inside age when it is encrypted. Its entries, in this order:
 *
 *   header.json              what it is of, the tables with their columns, the tables that no migration makes
 *   tables/00003/00000.copy  the rows of the fourth table, in PostgreSQL's COPY text form, in pieces of a few megabytes
 *   manifest.json            what each table must come to. Without it the file was cut off
 *
 * The schema is not in it: it is what the named migrations make, so that a backup fits every PostgreSQL that the product
 * runs on.
 */
export const headerName = 'header.json'
export const manifestName = 'manifest.json'
export const pieceSizeBytes = 4 * 1_048_576
/** One COPY row may be this long at most; PostgreSQL's own limit of a field is 1 GB. */
export const entrySizeBytesMax = 1_100_000_000

const Table = z.object({
  /** `jobs` is what waits in the queue, which is not a table of the product's. */
  kind: z.enum(['table', 'jobs']),
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
})
export type BackupTable = z.output<typeof Table>

export const BackupHeader = z.object({
  format: z.literal('holdfast-backup'),
  formatVersion: z.literal(1),
  id: z.string(),
  createdAt: z.string(),
  productVersion: z.string(),
  postgresVersion: z.string(),
  /** The public name of the key that seals the secrets in it. */
  masterKeyId: z.string(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** SQL that makes partitions and record tables, and, after the rows are in, their keys and indexes. */
  definitions: z.object({ before: z.array(z.string()), after: z.array(z.string()) }),
  tables: z.array(Table),
  /** Whether records could be read with SQL. The views are not in here; the server makes them from the definitions. */
  hasSqlAccess: z.boolean().default(false),
})
export type BackupHeader = z.output<typeof BackupHeader>

const TableFacts = z.object({
  rows: z.int(),
  /** Sum of the hashes of all rows: the same whatever order they come in. */
  fingerprint: z.string(),
  sizeBytes: z.int(),
  /** SHA-256 of the bytes in the archive. */
  sha256: z.string(),
})
export type TableFacts = z.output<typeof TableFacts>

export const BackupManifest = z.object({
  headerSha256: z.string(),
  /** In the order of the header's tables. */
  tables: z.array(TableFacts),
  sequences: z.array(z.object({ schema: z.string(), name: z.string(), value: z.int() })),
})
export type BackupManifest = z.output<typeof BackupManifest>

export interface ArchiveEntry {
  name: string
  content: Buffer
}

export function pieceName(table: number, piece: number): string {
  return `tables/${String(table).padStart(5, '0')}/${String(piece).padStart(5, '0')}.copy`
}

/** The table that a piece belongs to; null for what is no piece. */
export function tableOfPiece(name: string): number | null {
  const [, table] = /^tables\/(\d{5,})\/\d{5,}\.copy$/.exec(name) ?? []
  return table === undefined ? null : Number(table)
}

/** A file that cannot be used. The message is for the operator. */
export class BackupFileError extends Error {
  override readonly name = 'BackupFileError'
}
