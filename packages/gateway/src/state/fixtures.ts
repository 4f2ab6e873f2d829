import type { EntityKind } from '@holdfast/contracts/gateway/config'
import type { ConfigChange, ConfigEntry } from '@holdfast/contracts/gateway/link'
import {
  emptySetDigest,
  type SetDigest,
  setDigestText,
  withMember,
  withoutMember,
} from '@holdfast/kernel/crypto/set-digest'
import type { DataPlaneChange } from '../data-plane.ts'

/** A control plane as a model: every revision it ever had, and what a gateway is sent. */
export interface ModelControlPlane {
  revision(): number
  /** Puts consumers in (or takes them out, null) as one revision. */
  change(entries: readonly { number: number; name: string | null }[]): ConfigChange
  /** The whole of a revision: `kind id` to text. */
  at(revision: number): ReadonlyMap<string, string>
  checksumAt(revision: number): string
  /** Snapshot messages, in parts of so many entries. */
  snapshot(perPart?: number): ConfigMessageLike[]
  /** What a gateway that holds this is sent. */
  since(held: { revision: number; checksum: string } | null, perPart?: number): ConfigMessageLike[]
}

export type ConfigMessageLike =
  | {
      type: 'config.snapshot'
      payload: { revision: number; checksum: string; part: number; parts: number; entries: ConfigEntry[] }
    }
  | { type: 'config.changes'; payload: { changes: ConfigChange[] } }

export const idOf = (number: number) => `0190e0c4-7a2b-7cc3-98c5-${String(number).padStart(12, '0')}`

export function consumerText(number: number, name: string): string {
  return JSON.stringify({
    id: idOf(number),
    name,
    keyHash: String(number).padStart(64, '0'),
    rateLimitTier: 'authenticated',
  })
}

export function createModel(): ModelControlPlane {
  const states: { texts: Map<string, string>; digest: SetDigest }[] = [
    { texts: new Map(), digest: emptySetDigest },
  ]
  const changes: ConfigChange[] = []
  const latest = () => states.at(-1) ?? { texts: new Map<string, string>(), digest: emptySetDigest }
  const checksumAt = (revision: number) => setDigestText(states[revision]?.digest ?? emptySetDigest)

  function snapshot(perPart = 1_000): ConfigMessageLike[] {
    const revision = states.length - 1
    const entries = [...latest().texts].map(([key, text]) => {
      const [kind, id] = key.split(' ') as [EntityKind, string]
      return { kind, id, text }
    })
    const parts = Math.max(1, Math.ceil(entries.length / perPart))
    return Array.from({ length: parts }, (_, index) => ({
      type: 'config.snapshot',
      payload: {
        revision,
        checksum: checksumAt(revision),
        part: index + 1,
        parts,
        entries: entries.slice(index * perPart, (index + 1) * perPart),
      },
    }))
  }

  return {
    revision: () => states.length - 1,
    change(wanted) {
      const texts = new Map(latest().texts)
      let { digest } = latest()
      const entries = wanted.map(({ number, name }): ConfigEntry => {
        const id = idOf(number)
        const before = texts.get(`consumer ${id}`)
        const text = name === null ? null : consumerText(number, name)
        if (before !== undefined) digest = withoutMember(digest, ['consumer', id, before])
        if (text === null) texts.delete(`consumer ${id}`)
        else {
          digest = withMember(digest, ['consumer', id, text])
          texts.set(`consumer ${id}`, text)
        }
        return { kind: 'consumer', id, text }
      })
      states.push({ texts, digest })
      const change = { revision: states.length - 1, entries, checksum: setDigestText(digest) }
      changes.push(change)
      return change
    },
    at: (revision) => states[revision]?.texts ?? new Map(),
    checksumAt,
    snapshot,
    since(held, perPart) {
      if (held === null || held.checksum !== checksumAt(held.revision)) return snapshot(perPart)
      const missed = changes.slice(held.revision)
      return missed.length === 0 ? [] : [{ type: 'config.changes', payload: { changes: missed } }]
    },
  }
}

/** A data plane that remembers what it serves, in the words of the model. */
export function createRecordingDataPlane() {
  let serving = new Map<string, string>()
  const applied: { revision: number; serving: ReadonlyMap<string, string> }[] = []
  return {
    applied,
    serving: (): ReadonlyMap<string, string> => serving,
    async apply(change: DataPlaneChange): Promise<void> {
      const next = new Map(change.replaceAll ? [] : serving)
      for (const { kind, id, entity } of change.upserts) next.set(`${kind} ${id}`, JSON.stringify(entity))
      for (const { kind, id } of change.removals) next.delete(`${kind} ${id}`)
      // A real one takes a while: another message may arrive meanwhile.
      await Promise.resolve()
      serving = next
      applied.push({ revision: change.revision, serving: next })
    },
  }
}
