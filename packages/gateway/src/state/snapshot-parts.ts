import type { ConfigEntry, ServerMessage } from '@holdfast/contracts/gateway/link'
import { ConfigRefusal } from './entities.ts'
import type { Snapshot } from './held-set.ts'

export type SnapshotPart = Extract<ServerMessage, { type: 'config.snapshot' }>['payload']

/** Puts the parts of a snapshot together. */
export interface SnapshotParts {
  /** The whole with the last part, else null. Throws ConfigRefusal when parts are missing or belong to different wholes. */
  add(part: SnapshotPart): Snapshot | null
  /** Forgets what has come so far. */
  clear(): void
}

/** More than the largest tenant needs; a server gone wrong must not fill the memory. */
const entriesMax = 500_000

export function createSnapshotParts(): SnapshotParts {
  let collected: { head: SnapshotPart; next: number; entries: ConfigEntry[] } | null = null

  function start(part: SnapshotPart): void {
    collected = { head: part, next: 1, entries: [] }
  }

  return {
    add(part) {
      if (part.part === 1) start(part)
      if (collected === null) throw new ConfigRefusal(`Part ${part.part} of a snapshot came first.`)
      const { head, next } = collected
      const sameWhole =
        part.revision === head.revision && part.checksum === head.checksum && part.parts === head.parts
      // A part that comes twice was taken already; the checksum of the whole decides in the end.
      if (sameWhole && part.part < next) return null
      if (!sameWhole || part.part !== next) {
        collected = null
        throw new ConfigRefusal(
          `Part ${part.part} of snapshot ${part.revision} came where part ${next} of ${head.revision} belongs.`,
        )
      }
      collected.entries.push(...part.entries)
      collected.next += 1
      if (collected.entries.length > entriesMax) {
        collected = null
        throw new ConfigRefusal(`The snapshot has more than ${entriesMax} entries.`)
      }
      if (part.part < part.parts) return null
      const whole = { revision: head.revision, checksum: head.checksum, entries: collected.entries }
      collected = null
      return whole
    },
    clear() {
      collected = null
    },
  }
}
