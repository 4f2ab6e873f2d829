import { ConfigChange, ConfigEntry } from '@holdfast/contracts/gateway/link'
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { appendDurably, replaceFile } from './files.ts'
import { readRecordLine, recordLine } from './record-lines.ts'

/**
 * The last good configuration on disk, in one file: a first line with the whole set, then one line for each change since.
 * Every line carries its own SHA-256. The whole is written beside the file and renamed over it; a change is appended and
 * synced, so that its cost does not grow with the set and a revision that was acknowledged survives a crash. Keys of
 * consumers are in it as hashes only.
 */
export interface ConfigStore {
  /** Null when there is no file yet. Throws ConfigFileError, leaving the file as it is, when it is damaged. */
  load(): Promise<StoredConfig | null>
  saveAll(base: StoredBase): Promise<void>
  /** Adds to what is there. Call `saveAll` instead when `wantsWhole()`. */
  append(records: readonly StoredRecord[]): Promise<void>
  wantsWhole(): boolean
  /** The file was read but cannot be used: the next write moves it aside instead of replacing it. */
  distrust(): void
}

const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })
const Base = z.object({
  format: z.literal(1),
  savedAt: z.string(),
  revision: z.int(),
  checksum: z.string(),
  entries: z.array(ConfigEntry),
  jwks: Jwks.nullable(),
})
const Record = z.union([z.object({ change: ConfigChange }), z.object({ jwks: Jwks })])

export type StoredBase = Omit<z.output<typeof Base>, 'format' | 'savedAt' | 'jwks'> & {
  jwks: JSONWebKeySet | null
}
export type StoredRecord = { change: ConfigChange } | { jwks: JSONWebKeySet }

export interface StoredConfig {
  base: StoredBase
  changes: ConfigChange[]
  jwks: JSONWebKeySet | null
  savedAt: string
}

/** The file cannot be trusted. The message says what to do. */
export class ConfigFileError extends Error {
  override readonly name = 'ConfigFileError'
}

const fileName = 'configuration'
/** The changes are folded into the whole when there are so many, or when they outgrow it. */
const recordsMax = 2_000
const tailBytesMin = 1_000_000

export function createConfigStore(directory: string, now: () => Date): ConfigStore {
  const path = join(directory, fileName)
  let records = 0
  let tailBytes = 0
  let baseBytes = 0
  /** True until the file ends with a line of ours: nothing may be appended to one that is absent or damaged. */
  let unusable = true
  let refused = false

  function refuse(what: string): ConfigFileError {
    refused = true
    return new ConfigFileError(
      `The saved configuration ${path} is damaged: ${what}. It is not used. The gateway takes a new one from the control plane; to keep this one, copy it.`,
    )
  }

  async function load(): Promise<StoredConfig | null> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return null
      throw error
    })
    if (text === null) return null
    const lines = text.split('\n')
    // Whatever follows the last line end was being appended when the process died: it was never acknowledged.
    const torn = lines.pop() !== ''
    const base = Base.safeParse(readRecordLine(lines[0] ?? ''))
    if (!base.success) throw refuse('its first line is not what was written')
    const stored: StoredConfig = {
      base: { ...base.data, jwks: base.data.jwks },
      changes: [],
      jwks: base.data.jwks,
      savedAt: base.data.savedAt,
    }
    for (const [index, line] of lines.entries()) {
      if (index === 0) continue
      const record = Record.safeParse(readRecordLine(line))
      if (!record.success) throw refuse(`line ${index + 1} is not what was written`)
      if ('change' in record.data) stored.changes.push(record.data.change)
      else stored.jwks = record.data.jwks
    }
    unusable = torn
    baseBytes = (lines[0] ?? '').length
    tailBytes = text.length - baseBytes
    records = lines.length - 1
    return stored
  }

  return {
    load,
    async saveAll(base) {
      if (refused) {
        await rename(path, `${path}.damaged`)
        refused = false
      }
      const line = recordLine({ format: 1, savedAt: now().toISOString(), ...base })
      await replaceFile(path, line)
      unusable = false
      records = 0
      tailBytes = 0
      baseBytes = line.length
    },
    async append(added) {
      const lines = added.map(recordLine).join('')
      try {
        await appendDurably(path, lines)
      } catch (error) {
        // Half a line may stand there now: the next write is a whole one.
        unusable = true
        throw error
      }
      records += added.length
      tailBytes += lines.length
    },
    distrust() {
      refused = true
    },
    wantsWhole: () =>
      unusable || refused || records >= recordsMax || tailBytes > Math.max(tailBytesMin, baseBytes),
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
