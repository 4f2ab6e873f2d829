/** The migrations on disk, and whether they agree with the ones a database has had. Pure except for reading the folder. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface MigrationFile {
  /** File name without `.sql`: `202611211030_create_users`. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly checksum: string
  /** False when the first line is `-- no transaction`; the file is then one statement, run on its own. */
  readonly transactional: boolean
}

export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

/** A database that this program must not touch, or a migration that failed. The message is for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

const fileNamePattern = /^\d{12}_[a-z0-9_]+\.sql$/
const noTransactionPattern = /^-- no transaction\s*$/m

/** All migrations of a folder in the order in which they apply. A `.sql` file with another kind of name is refused. */
export async function readMigrations(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  const odd = names.find((name) => !fileNamePattern.test(name))
  if (odd) {
    throw new MigrationError(
      `${odd} is not a migration's name; it must look like 202601311545_what_it_does.sql.`,
    )
  }
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(directory, name))
      const text = bytes.toString('utf8')
      const firstLine = text.slice(0, text.indexOf('\n') + 1 || text.length)
      return {
        name: name.slice(0, -'.sql'.length),
        sql: text,
        checksum: createHash('sha256').update(bytes).digest('hex'),
        transactional: !noTransactionPattern.test(firstLine),
      }
    }),
  )
}

/**
 * The migrations that are still to be applied, in order. Throws when the database has had one that this program does
 * not know, or another version of one: going on could only guess.
 */
export function pendingMigrations(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationFile[] {
  const fileByName = new Map(files.map((file) => [file.name, file]))
  const newestName = files.at(-1)?.name ?? ''
  for (const { name, checksum } of applied) {
    const file = fileByName.get(name)
    if (!file && name > newestName) {
      throw new MigrationError(
        `The database is newer than this program: it has had migration ${name}. Start the newer program, or restore ` +
          'a backup from before the upgrade. Nothing has been changed.',
      )
    }
    if (!file) {
      throw new MigrationError(
        `The database has had migration ${name}, which this program does not contain. Start the program it came from. ` +
          'Nothing has been changed.',
      )
    }
    if (file.checksum !== checksum) {
      throw new MigrationError(
        `Migration ${name} was edited after it had been applied to this database. Restore the file as it was and put ` +
          'the change into a new migration. Nothing has been changed.',
      )
    }
  }
  const appliedNames = new Set(applied.map(({ name }) => name))
  return files.filter(({ name }) => !appliedNames.has(name))
}
