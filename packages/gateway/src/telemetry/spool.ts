import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TelemetryBatch } from '@holdfast/contracts/gateway/link'
import type { Logger } from '@holdfast/kernel/logger'
import { ensurePrivateDirectory } from '../state/files.ts'

/**
 * Batches that have to wait, one file each, so that a process that dies leaves them to the next one. Not synced: a loss of
 * power may take what the operating system had not written yet.
 */
export interface Spool {
  /** What the process before left behind, oldest first; null when it left nothing. */
  read(): Promise<{ bootId: string; batches: TelemetryBatch[] } | null>
  write(bootId: string, batch: TelemetryBatch): void
  remove(bootId: string, sequence: number): void
  /** Resolves when everything is written. */
  settled(): Promise<void>
}

const fileName = (sequence: number) => `${String(sequence).padStart(15, '0')}.json`

export function createSpool(directory: string, logger: Logger): Spool {
  let tail: Promise<void> = Promise.resolve()
  const onDisk = new Set<string>()

  function then(what: () => Promise<void>): void {
    tail = tail.then(what).catch((error: unknown) => {
      logger.error({ err: error }, 'Waiting telemetry could not be kept on disk; a crash would lose it')
    })
  }

  return {
    async read() {
      await ensurePrivateDirectory(directory)
      // Boot ids sort by time.
      const boots = (await readdir(directory)).toSorted()
      const bootId = boots.pop()
      for (const older of boots) await rm(join(directory, older), { recursive: true })
      if (bootId === undefined) return null
      const batches: TelemetryBatch[] = []
      for (const name of (await readdir(join(directory, bootId))).toSorted()) {
        const path = join(directory, bootId, name)
        const batch = await readBatch(path)
        if (batch === null) {
          logger.warn({ path }, 'A batch of telemetry was cut short by the end of the process and is lost')
          await rm(path)
        } else {
          batches.push(batch)
          onDisk.add(`${bootId}/${name}`)
        }
      }
      if (batches.length === 0) await rm(join(directory, bootId), { recursive: true })
      return batches.length === 0 ? null : { bootId, batches }
    },
    write(bootId, batch) {
      const key = `${bootId}/${fileName(batch.sequence)}`
      if (onDisk.has(key)) return
      onDisk.add(key)
      const text = JSON.stringify(batch)
      then(async () => {
        if (!onDisk.has(key)) return
        await ensurePrivateDirectory(join(directory, bootId))
        await writeFile(join(directory, `${key}.new`), text, { mode: 0o600 })
        await rename(join(directory, `${key}.new`), join(directory, key))
      })
    },
    remove(bootId, sequence) {
      const key = `${bootId}/${fileName(sequence)}`
      if (onDisk.delete(key)) then(() => rm(join(directory, key), { force: true }))
    },
    settled: () => tail,
  }
}

async function readBatch(path: string): Promise<TelemetryBatch | null> {
  try {
    return TelemetryBatch.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    // Half a file: the caller says so and goes on.
    return null
  }
}
