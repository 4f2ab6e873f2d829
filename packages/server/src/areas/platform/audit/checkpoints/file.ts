import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { SignedCheckpoint } from './rules.ts'

/** The copy of the checkpoints that whoever owns the database cannot reach: one JSON line each, only ever appended to. */
export interface CheckpointFile {
  append(checkpoints: readonly SignedCheckpoint[]): Promise<void>
  read(): Promise<SignedCheckpoint[]>
}

export function createCheckpointFile(path: string): CheckpointFile {
  return {
    async append(checkpoints) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const file = await open(path, 'a', 0o600)
      try {
        await file.appendFile(checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join(''))
        await file.sync()
      } finally {
        await file.close()
      }
    },
    read: () => readCheckpoints(path),
  }
}

/** The checkpoints of a file. A last line that a crash cut short is left out; no file is no checkpoint. */
export async function readCheckpoints(path: string): Promise<SignedCheckpoint[]> {
  const found: SignedCheckpoint[] = []
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
      const parsed = parseLine(line)
      if (parsed !== null) found.push(parsed)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return found
}

function parseLine(line: string): SignedCheckpoint | null {
  try {
    return JSON.parse(line) as SignedCheckpoint
  } catch {
    // Cut short by a crash: the checkpoint is in the database as well, and the next one covers more.
    return null
  }
}
