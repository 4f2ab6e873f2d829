import { chmod, cp, lstat, readdir, readFile, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryDataDirectory } from '../testing.ts'
import { copyBundle, locateBundle, mendBundle } from './bundle.ts'

let folder: string
let native: string

/** Without the large libraries: only what may have been lost in the post is looked at here. */
beforeEach(async () => {
  const bundle = locateBundle()
  if (!bundle)
    throw new Error('The npm bundle of PostgreSQL is not installed; run npm ci with optional dependencies.')
  folder = await temporaryDataDirectory()
  native = join(folder, 'native')
  await cp(bundle, native, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.startsWith(join(bundle, 'share')),
  })
})
afterEach(() => rm(folder, { recursive: true }))

async function loseLinksAndBits(): Promise<string[]> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  const paths = links.map((link) => join(folder, link.target))
  for (const path of paths) await unlink(path)
  for (const name of await readdir(join(native, 'bin'))) await chmod(join(native, 'bin', name), 0o644)
  return paths
}

describe('the npm bundle', () => {
  it('gets back the links and execute bits that npm lost, and a second time changes nothing', async () => {
    const links = await loseLinksAndBits()
    expect(links.length).toBeGreaterThan(5)
    await mendBundle(native)
    const before = await Promise.all(links.map((path) => lstat(path)))
    expect(before.every((link) => link.isSymbolicLink())).toBe(true)
    // stat follows: a link that leads nowhere would throw.
    await Promise.all(links.map((path) => stat(path)))
    expect((await stat(join(native, 'bin', 'postgres'))).mode & 0o111).toBe(0o111)
    await mendBundle(native)
    const after = await Promise.all(links.map((path) => lstat(path)))
    expect(after.map((link) => link.ino)).toEqual(before.map((link) => link.ino))
  })

  it('is copied whole to where it can be run, once, also by two at the same time', async () => {
    await loseLinksAndBits()
    const target = join(folder, 'copies', 'binaries-17')
    await Promise.all([copyBundle(native, target, null), copyBundle(native, target, null)])
    expect((await stat(join(target, 'native', 'bin', 'initdb'))).mode & 0o111).toBe(0o111)
    const { ino } = await stat(join(target, 'native', 'bin', 'initdb'))
    await copyBundle(native, target, null)
    expect((await stat(join(target, 'native', 'bin', 'initdb'))).ino).toBe(ino)
  })
})
