import type { StatsFs } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file system that `directory` is or will be on: with DATABASE_URL the data directory need not exist. */
export async function fileSystemOf(directory: string): Promise<{ stats: StatsFs; path: string }> {
  try {
    return { stats: await statfs(directory), path: directory }
  } catch (error) {
    const parent = dirname(directory)
    if (parent === directory) throw error
    return fileSystemOf(parent)
  }
}
