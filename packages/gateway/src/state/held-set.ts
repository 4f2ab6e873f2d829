import type { EntityKind } from '@holdfast/contracts/gateway/config'
import type { ConfigChange, ConfigEntry } from '@holdfast/contracts/gateway/link'
import {
  emptySetDigest,
  type SetDigest,
  setDigestText,
  withMember,
  withoutMember,
} from '@holdfast/kernel/crypto/set-digest'
import type { Upsert } from '../data-plane.ts'
import { ConfigRefusal, parseEntity } from './entities.ts'

/** The configuration that is in force, as text, with its checksum. */
export interface HeldSet {
  /** Null until a first configuration was taken over. */
  held(): Held | null
  /** Everything it holds, for the disk. */
  entries(): ConfigEntry[]
  /** A whole set. Throws ConfigRefusal; nothing changes until `commit`. */
  prepareSnapshot(snapshot: Snapshot): Prepared
  /**
   * The changes that follow what is held; those it has already are passed over, null when that is all of them.
   * Throws ConfigRefusal for a gap or a checksum that differs; nothing changes until `commit`. Costs as much as the change.
   */
  prepareChanges(changes: readonly ConfigChange[]): Prepared | null
}

export interface Held {
  revision: number
  checksum: string
}

export interface Snapshot extends Held {
  entries: readonly ConfigEntry[]
}

/** A configuration that was checked completely and is not in force yet. */
export interface Prepared extends Held {
  replaceAll: boolean
  upserts: Upsert[]
  removals: { kind: EntityKind; id: string }[]
  commit(): void
}

const keyOf = (kind: EntityKind, id: string) => `${kind}\0${id}`

export function createHeldSet(): HeldSet {
  let texts = new Map<string, string>()
  let digest: SetDigest = emptySetDigest
  let revision: number | null = null

  function prepareSnapshot(snapshot: Snapshot): Prepared {
    const nextTexts = new Map<string, string>()
    let nextDigest = emptySetDigest
    const upserts: Upsert[] = []
    for (const { kind, id, text } of snapshot.entries) {
      const key = keyOf(kind, id)
      if (text === null) throw new ConfigRefusal(`The snapshot removes the ${kind} ${id}.`)
      if (nextTexts.has(key)) throw new ConfigRefusal(`The snapshot holds the ${kind} ${id} twice.`)
      upserts.push(parseEntity(kind, id, text))
      nextTexts.set(key, text)
      nextDigest = withMember(nextDigest, [kind, id, text])
    }
    compare(nextDigest, snapshot)
    return {
      revision: snapshot.revision,
      checksum: snapshot.checksum,
      replaceAll: true,
      upserts,
      removals: [],
      commit() {
        texts = nextTexts
        digest = nextDigest
        revision = snapshot.revision
      },
    }
  }

  function prepareChanges(changes: readonly ConfigChange[]): Prepared | null {
    if (revision === null) throw new ConfigRefusal('A change came before any configuration.')
    let nextRevision = revision
    let nextDigest = digest
    let last: ConfigChange | null = null
    const changed = new Map<string, ConfigEntry>()
    for (const change of changes) {
      if (change.revision <= nextRevision) continue
      if (change.revision !== nextRevision + 1) {
        throw new ConfigRefusal(`Revision ${change.revision} came after ${nextRevision}.`)
      }
      for (const entry of change.entries) {
        const key = keyOf(entry.kind, entry.id)
        const pending = changed.get(key)
        const before = pending === undefined ? texts.get(key) : pending.text
        if (typeof before === 'string') nextDigest = withoutMember(nextDigest, [entry.kind, entry.id, before])
        if (entry.text !== null) nextDigest = withMember(nextDigest, [entry.kind, entry.id, entry.text])
        changed.set(key, entry)
      }
      compare(nextDigest, change)
      nextRevision = change.revision
      last = change
    }
    if (last === null) return null
    const upserts: Upsert[] = []
    const removals: Prepared['removals'] = []
    for (const { kind, id, text } of changed.values()) {
      if (text === null) removals.push({ kind, id })
      else upserts.push(parseEntity(kind, id, text))
    }
    return {
      revision: nextRevision,
      checksum: last.checksum,
      replaceAll: false,
      upserts,
      removals,
      commit() {
        for (const [key, { text }] of changed) {
          if (text === null) texts.delete(key)
          else texts.set(key, text)
        }
        digest = nextDigest
        revision = nextRevision
      },
    }
  }

  return {
    held: () => (revision === null ? null : { revision, checksum: setDigestText(digest) }),
    entries: () =>
      [...texts].map(([key, text]) => {
        const [kind, id] = key.split('\0') as [EntityKind, string]
        return { kind, id, text }
      }),
    prepareSnapshot,
    prepareChanges,
  }
}

function compare(digest: SetDigest, { revision, checksum }: Held): void {
  if (setDigestText(digest) !== checksum) {
    throw new ConfigRefusal(`The checksum of revision ${revision} does not match.`)
  }
}
