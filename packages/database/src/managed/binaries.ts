/** Finds a PostgreSQL to run: the system's own, newest first, then the one that npm brought. */
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { copyBundle, locateBundle, mendBundle } from './bundle.ts'
import { oldestMajor } from './layout.ts'
import type { RunAs } from './run-as.ts'
import { DatabaseStartError } from './start-error.ts'

const run = promisify(execFile)

export type BinariesSource = 'system' | 'bundle'

export interface PostgresBinaries {
  readonly source: BinariesSource
  /** `15.18` */
  readonly version: string
  readonly major: number
  readonly directory: string
  /** For the dynamic linker; null when the system knows where its libraries are. */
  readonly libraryDirectory: string | null
}

export interface FindBinariesOptions {
  /** The data's major version, or null when there is no data yet. */
  readonly existingMajor: number | null
  readonly existingPath: string | null
  readonly runAs: RunAs | null
  /** The PATH variable's value; the caller reads the environment. */
  readonly searchPath: string
  /** Where a copy of the bundle may be kept. */
  readonly copyDirectory: string
  readonly sources: readonly BinariesSource[]
}

/** Folders that hold one `bin` per version: Debian, Red Hat's PGDG, Homebrew on Apple silicon and on Intel. */
const versionedPlaces: readonly (readonly [parent: string, pattern: RegExp])[] = [
  ['/usr/lib/postgresql', /^\d+$/],
  ['/usr', /^pgsql-\d+$/],
  ['/opt/homebrew/opt', /^postgresql(@\d+)?$/],
  ['/usr/local/opt', /^postgresql(@\d+)?$/],
]

/** @throws DatabaseStartError with the command to run when there is none, or none that fits the existing data. */
export async function findBinaries(options: FindBinariesOptions): Promise<PostgresBinaries> {
  const found: PostgresBinaries[] = []
  if (options.sources.includes('system')) found.push(...(await systemBinaries(options)))
  const fitting = () =>
    found.find(({ major }) => (options.existingMajor ?? major) === major && major >= oldestMajor)
  // The bundle is looked at last: mending or copying it takes time that most starts need not spend.
  if (!fitting() && options.sources.includes('bundle')) {
    const bundled = await bundledBinaries(options)
    if (bundled) found.push(bundled)
  }
  const binaries = fitting()
  if (binaries) return binaries
  throw new DatabaseStartError(sentenceForNone(options, found))
}

function sentenceForNone(
  { existingMajor, existingPath }: FindBinariesOptions,
  found: PostgresBinaries[],
): string {
  const versions = found.map(({ version }) => version).join(' and ') || 'none'
  if (existingMajor === null) {
    return (
      `No usable PostgreSQL ${oldestMajor} or newer was found (found: ${versions}). Install one (Debian and Ubuntu: ` +
      'apt-get install postgresql; macOS: brew install postgresql), or set DATABASE_URL.'
    )
  }
  if (existingMajor < oldestMajor) {
    return (
      `The data in ${existingPath} is of PostgreSQL ${existingMajor}; at least ${oldestMajor} is needed. Upgrade it with ` +
      'pg_upgrade into a folder named after the new version beside it, or set DATABASE_URL. Nothing has been changed.'
    )
  }
  return (
    `The data in ${existingPath} is of PostgreSQL ${existingMajor}, which is not on this machine (found: ${versions}). ` +
    `Install it (Debian and Ubuntu: apt-get install postgresql-${existingMajor}; macOS: brew install ` +
    `postgresql@${existingMajor}), or set DATABASE_URL. Nothing has been changed.`
  )
}

async function systemBinaries({ runAs, searchPath }: FindBinariesOptions): Promise<PostgresBinaries[]> {
  const nested = await Promise.all(
    versionedPlaces.map(async ([parent, pattern]) => {
      const names = await readdir(parent).catch(() => [])
      return names.filter((name) => pattern.test(name)).map((name) => join(parent, name, 'bin'))
    }),
  )
  const directories = [...new Set([...nested.flat(), ...searchPath.split(delimiter).filter(Boolean)])]
  const found = await Promise.all(directories.map((directory) => inspect('system', directory, runAs)))
  return found.filter((binaries) => binaries !== null).sort((a, b) => b.major - a.major)
}

/** What is in a `bin` folder, or null when it has no PostgreSQL that the given user can run. */
async function inspect(
  source: BinariesSource,
  directory: string,
  runAs: RunAs | null,
): Promise<PostgresBinaries | null> {
  const libraryDirectory = source === 'bundle' ? join(directory, '..', 'lib') : null
  try {
    for (const name of ['postgres', 'initdb']) await access(join(directory, name), constants.F_OK)
    const { stdout } = await run(join(directory, 'postgres'), ['--version'], {
      env: postgresEnvironment(libraryDirectory),
      cwd: '/',
      ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
    })
    const version = /(\d+)(?:[.\w]*)/.exec(stdout)
    if (!version) return null
    return { source, directory, libraryDirectory, version: version[0], major: Number(version[1]) }
  } catch {
    return null
  }
}

async function bundledBinaries({
  runAs,
  copyDirectory,
}: FindBinariesOptions): Promise<PostgresBinaries | null> {
  const bundle = locateBundle()
  if (!bundle) return null
  const inPlace = join(bundle, 'bin')
  // Where it cannot be mended (a read-only installation), it may still run, and else the copy will.
  await mendBundle(bundle).catch(() => undefined)
  const usable = await inspect('bundle', inPlace, runAs)
  if (usable) return usable
  const asOurselves = runAs ? await inspect('bundle', inPlace, null) : null
  const target = join(copyDirectory, `binaries-${asOurselves?.version ?? 'bundle'}`)
  await copyBundle(bundle, target, runAs)
  return inspect('bundle', join(target, 'native', 'bin'), runAs)
}

/** Nothing of ours reaches PostgreSQL's environment: a stray PGDATA or PGPORT would be obeyed. */
export function postgresEnvironment(libraryDirectory: string | null): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    ...(libraryDirectory && { LD_LIBRARY_PATH: libraryDirectory, DYLD_LIBRARY_PATH: libraryDirectory }),
  }
}
