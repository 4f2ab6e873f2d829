import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { ConnectionConfig } from '@holdfast/database/client'
import { readMigrations } from '@holdfast/database/migration-files'
import {
  type ArchiveEntry,
  BackupFileError,
  BackupHeader,
  BackupManifest,
  headerName,
  manifestName,
  type TableFacts,
  tableOfPiece,
} from '../archive/format.ts'
import { createRowFacts } from '../dump/rows.ts'
import { sha256 } from '../dump/service.ts'
import { type RestoreSession, openRestoreSession } from './repo.ts'

export interface RestoreNeeds {
  entries: AsyncIterable<ArchiveEntry>
  connection: ConnectionConfig
  migrationsDirectory: string
  signal: AbortSignal
  progress(tablesDone: number, tables: number): void
  /** Before anything is changed: throws when this backup may not come into this database. */
  admit(header: BackupHeader, session: RestoreSession): Promise<void>
  /** Before it is committed: the last chance to throw. */
  settle(header: BackupHeader, session: RestoreSession, manifest: BackupManifest): Promise<void>
}

/**
 * Fills a database from a backup in one transaction: makes the schema that the backup was taken with, puts the rows in,
 * compares their number and hashes with the manifest. Whatever fails, the database is as it was.
 * @throws BackupFileError when the backup is damaged, incomplete or of a newer program.
 */
export async function restore(needs: RestoreNeeds): Promise<BackupHeader> {
  const session = await openRestoreSession(needs.connection)
  try {
    const entries = needs.entries[Symbol.asyncIterator]()
    const first = await entries.next()
    if (first.done === true || first.value.name !== headerName)
      throw new BackupFileError('This file is not a Holdfast backup.')
    const header = parse(BackupHeader, first.value)
    await needs.admit(header, session)
    const { keysAndTriggers, guards } = await makeSchema(session, header, needs.migrationsDirectory)
    const { facts, manifest } = await fill(session, header, { ...needs, entries: rest(entries) })
    verify(header, first.value, facts, manifest)
    await session.setSequences(manifest.sequences)
    await session.execute([...header.definitions.after, ...keysAndTriggers])
    await needs.settle(header, session, manifest)
    await session.execute(guards)
    await session.commit()
    return header
  } finally {
    await session.close()
  }
}

async function makeSchema(session: RestoreSession, header: BackupHeader, directory: string) {
  const files = new Map((await readMigrations(directory)).map((file) => [file.name, file]))
  await session.createMigrationsTable()
  for (const { name, checksum } of header.migrations) {
    const file = files.get(name)
    if (file?.checksum !== checksum)
      throw new BackupFileError(
        `This backup was made by version ${header.productVersion}, whose database this program does not know ` +
          `(migration ${name}). Restore it with that version or a newer one. Nothing has been changed.`,
      )
    await session.applyMigration(file)
  }
  await session.execute(header.definitions.before)
  return session.open()
}

interface FillingTable {
  index: number
  into: Writable
  counted: ReturnType<typeof createRowFacts>
}

async function fill(
  session: RestoreSession,
  header: BackupHeader,
  { entries, signal, progress }: Pick<RestoreNeeds, 'entries' | 'signal' | 'progress'>,
): Promise<{ facts: Map<number, TableFacts>; manifest: BackupManifest }> {
  const facts = new Map<number, TableFacts>()
  const current: { table: FillingTable | null } = { table: null }

  async function closeTable(): Promise<void> {
    if (current.table === null) return
    const { index, into, counted } = current.table
    current.table = null
    into.end()
    await finished(into)
    facts.set(index, counted.facts())
  }

  for await (const entry of entries) {
    signal.throwIfAborted()
    const index = tableOfPiece(entry.name)
    if (index !== current.table?.index) await closeTable()
    if (entry.name === manifestName) return { facts, manifest: parse(BackupManifest, entry) }
    const table = index === null ? undefined : header.tables[index]
    if (index === null || table === undefined)
      throw new BackupFileError(`This backup is damaged: ${entry.name} does not belong in it.`)
    progress(index, header.tables.length)
    current.table ??= { index, into: await session.rowsInto(table), counted: createRowFacts() }
    const { into, counted } = current.table
    counted.push(entry.content)
    await written(into, entry.content)
  }
  throw new BackupFileError('This backup is incomplete: its end is missing.')
}

/** Resolves when PostgreSQL has taken it; rejects also when the connection has failed before. */
function written(into: Writable, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    into.write(content, (error) => (error ? reject(error) : resolve()))
  })
}

/** Compares what came with what the manifest says. */
function verify(
  header: BackupHeader,
  headerEntry: ArchiveEntry,
  facts: ReadonlyMap<number, TableFacts>,
  manifest: BackupManifest,
): void {
  if (
    manifest.headerSha256 !== sha256(headerEntry.content) ||
    manifest.tables.length !== header.tables.length
  )
    throw new BackupFileError('This backup is damaged: its parts do not belong together.')
  const empty = createRowFacts().facts()
  for (const [index, expected] of manifest.tables.entries()) {
    const found = facts.get(index) ?? empty
    if (!isSame(found, expected))
      throw new BackupFileError(
        `This backup is damaged: the rows of ${header.tables[index]?.name ?? 'a table'} are not those that were saved.`,
      )
  }
}

function isSame(one: TableFacts, other: TableFacts): boolean {
  return one.rows === other.rows && one.fingerprint === other.fingerprint && one.sha256 === other.sha256
}

async function* rest(entries: AsyncIterator<ArchiveEntry>): AsyncGenerator<ArchiveEntry> {
  yield* { [Symbol.asyncIterator]: () => entries }
}

function parse<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  entry: ArchiveEntry,
): T {
  const parsed = schema.safeParse(JSON.parse(entry.content.toString('utf8')))
  if (!parsed.success)
    throw new BackupFileError(
      `This backup has a form that this program does not know (${entry.name}). A newer version may have made it.`,
    )
  return parsed.data
}
