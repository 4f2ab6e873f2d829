/**
 * Where the private PostgreSQL keeps things.
 *
 *   <data>/postgres/15/      the cluster; the folder's name is PostgreSQL's major version
 *   <data>/postgres/15.log   what the server writes
 *   <data>/postgres/run/     the socket, mode 0700; in the system's temporary folder when the path would be too long
 *
 * Nothing here, or anywhere else in this package, deletes a folder that has something in it.
 */
import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunAs } from './run-as.ts'
import { DatabaseStartError, explainFileError } from './start-error.ts'

export const socketPort = 5432
export const oldestMajor = 15

/** sun_path holds 104 bytes on macOS and 108 on Linux, with the closing zero; this leaves a margin on both. */
const socketPathBytesMax = 100
/** Fixed, so that a second process finds the socket even if its TMPDIR is another one. */
const shortDirectory = '/tmp'

export function postgresDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'postgres')
}

/** The newest cluster in `<data>/postgres`, or null. Refuses what it does not know rather than starting beside it. */
export async function findCluster(directory: string): Promise<{ major: number; path: string } | null> {
  const majors = (await listDirectory(directory))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a)
  for (const major of majors) {
    const path = join(directory, String(major))
    const content = await listDirectory(path)
    if (content.length === 0) continue
    if (!content.includes('PG_VERSION')) {
      throw new DatabaseStartError(
        `${path} is not empty and is not a PostgreSQL cluster. Move what is in it elsewhere (mv ${path} ${path}.other) ` +
          'and start again. Nothing has been changed.',
      )
    }
    const written = (await readFile(join(path, 'PG_VERSION'), 'utf8')).trim()
    if (written !== String(major)) {
      throw new DatabaseStartError(
        `${path} holds data of PostgreSQL ${written}. Rename it (mv ${path} ${join(directory, written)}) and start ` +
          'again. Nothing has been changed.',
      )
    }
    return { major, path }
  }
  return null
}

async function listDirectory(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw explainFileError(error, path)
  }
}

/** Creates `<data>` and `<data>/postgres`, the latter for the user that PostgreSQL runs as. Existing modes of `<data>` stay. */
export async function prepareDirectories(dataDirectory: string, runAs: RunAs | null): Promise<void> {
  const directory = postgresDirectory(dataDirectory)
  try {
    const created = await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
    // Others may pass through to what is theirs, and see nothing.
    if (created && runAs) await chmod(dataDirectory, 0o711)
    await makePrivateDirectory(directory, runAs)
  } catch (error) {
    throw explainFileError(error, directory)
  }
}

/** The socket's folder, made if needed, with a name that any process started for the same data arrives at. */
export async function prepareSocketDirectory(directory: string, runAs: RunAs | null): Promise<string> {
  const near = join(directory, 'run')
  const fits = Buffer.byteLength(join(near, `.s.PGSQL.${socketPort}`)) <= socketPathBytesMax
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16)
  const path = fits ? near : join(shortDirectory, `holdfast-${hash}`)
  try {
    await makePrivateDirectory(path, runAs)
  } catch (error) {
    throw explainFileError(error, path)
  }
  await assertPrivate(path, runAs)
  return path
}

async function makePrivateDirectory(path: string, runAs: RunAs | null): Promise<void> {
  const created = await mkdir(path, { recursive: true, mode: 0o700 })
  const isRoots = runAs !== null && (created !== undefined || (await lstat(path)).uid === 0)
  if (isRoots) await chown(path, runAs.uid, runAs.gid)
}

/** A folder in a place that everybody can write to may have been put there by somebody else. */
async function assertPrivate(path: string, runAs: RunAs | null): Promise<void> {
  const { mode, uid } = await lstat(path)
  const expectedUid = runAs?.uid ?? process.getuid?.()
  if ((mode & 0o077) === 0 && uid === expectedUid && (mode & 0o170000) === 0o040000) return
  throw new DatabaseStartError(
    `${path}, where PostgreSQL's socket belongs, is open to others or belongs to somebody else. Remove it (rmdir ${path}) ` +
      'or correct its owner and mode (0700), and start again.',
  )
}
