import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from '@holdfast/contracts/problems'

/** Where verified files are kept. A file that is there is whole. */
export interface BackupStore {
  /** Takes the file at `path` over, under this name. It is kept for good when this resolves. */
  take(path: string, fileName: string): Promise<void>
  /** Null when there is none. */
  read(fileName: string): Promise<AsyncIterable<Uint8Array> | null>
  /** Harmless when there is none. */
  remove(fileName: string): Promise<void>
}

/** `s3` is null when no bucket is configured. */
export interface BackupStores {
  disk: BackupStore
  s3: BackupStore | null
}

/** Throws backups.store_unavailable. */
export function storeOf(stores: BackupStores, location: keyof BackupStores): BackupStore {
  const store = stores[location]
  if (store === null) throw problem('backups.store_unavailable')
  return store
}

const partEnding = '.part'

/** A folder of this machine, on the file system that backups are written to. */
export function createDiskStore(directory: string): BackupStore {
  return {
    async take(path, fileName) {
      await rename(path, join(directory, fileName))
      await syncDirectory(directory)
    },
    async read(fileName) {
      const path = join(directory, fileName)
      return (await exists(path)) ? createReadStream(path) : null
    },
    remove: (fileName) => rm(join(directory, fileName), { force: true }),
  }
}

/** Where a file is written before it counts: its name says that it is not finished. */
export async function preparePart(directory: string, fileName: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return join(directory, `${fileName}${partEnding}`)
}

/** Removes what killed processes have left. Call it while no other backup can be running. */
export async function removeParts(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  for (const name of names) if (name.endsWith(partEnding)) await rm(join(directory, name), { force: true })
}

/** So that the new name outlives a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true
}
