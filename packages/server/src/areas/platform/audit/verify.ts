import type { StoredEntry } from './repo.ts'
import { chainOrigin, entryHash } from './rules.ts'

/** A head of the chain that was noted elsewhere: proof that the chain once reached so far. */
export interface Checkpoint {
  sequence: number
  hash: Uint8Array
}

/**
 * `edited`: an entry no longer hashes to its own hash. `removed`: an entry is missing before this one.
 * `rewritten`: the chain is whole but is not the one a checkpoint saw, so everything since the last good checkpoint may
 * be false. `cut`: entries at the end are missing; `sequence` is the first that is.
 */
export type ChainFault = {
  kind: 'edited' | 'removed' | 'rewritten' | 'cut'
  sequence: number
  id: string | null
}

/** `entries` are those that were read and found whole. */
export type ChainWalk = { entries: number; head: Buffer; fault: ChainFault | null }

/** Where a chain begins: its origin, or the end of what was sealed and taken away. */
export const chainStart: Checkpoint = { sequence: 0, hash: chainOrigin }

/**
 * Walks a chain from `start` and names the first bad entry. `checkpoints` are heads that were noted elsewhere; the chain's
 * own stored head may be among them, but whoever can rewrite entries can rewrite that as well: only checkpoints kept
 * outside the database find a tail that was rewritten or cut consistently. Entries come in batches, so that a long chain
 * needs little memory; `walked` hears of each.
 */
export async function walkChain(
  batches: AsyncIterable<readonly StoredEntry[]>,
  checkpoints: readonly Checkpoint[] = [],
  start: Checkpoint = chainStart,
  walked: (entries: number) => void = () => {},
): Promise<ChainWalk> {
  const known = new Map<number, Uint8Array[]>()
  for (const { sequence, hash } of checkpoints)
    if (sequence >= start.sequence) known.set(sequence, [...(known.get(sequence) ?? []), hash])
  let { sequence } = start
  let head: Buffer = Buffer.from(start.hash)
  let trusted = start.sequence
  const walk = (fault: ChainFault | null): ChainWalk => ({ entries: sequence - start.sequence, head, fault })
  const contradicted = () => known.get(sequence)?.some((hash) => !head.equals(hash)) ?? false

  if (contradicted()) return walk({ kind: 'rewritten', sequence: trusted + 1, id: null })
  for await (const batch of batches) {
    for (const entry of batch) {
      const fault = faultOf(entry, sequence + 1, head)
      if (fault !== null) return walk(fault)
      sequence = entry.sequence
      head = entry.hash
      if (contradicted()) return walk({ kind: 'rewritten', sequence: trusted + 1, id: null })
      if (known.has(sequence)) trusted = sequence
    }
    walked(sequence - start.sequence)
  }
  const furthest = Math.max(0, ...known.keys())
  return walk(sequence < furthest ? { kind: 'cut', sequence: sequence + 1, id: null } : null)
}

/** What is wrong with this entry as the one that should follow `previousHash`; null when nothing is. */
export function faultOf(
  entry: StoredEntry,
  expectedSequence: number,
  previousHash: Uint8Array,
): ChainFault | null {
  const { previousHash: claimed, hash, ...facts } = entry
  const at = { sequence: entry.sequence, id: entry.id }
  if (entry.sequence !== expectedSequence) return { kind: 'removed', sequence: expectedSequence, id: null }
  if (!entryHash(claimed, facts).equals(hash)) return { kind: 'edited', ...at }
  // Whole in itself, but it follows something else: its predecessor was replaced together with its own hash.
  if (!claimed.equals(previousHash)) {
    return { kind: 'edited', sequence: Math.max(1, entry.sequence - 1), id: null }
  }
  return null
}

/** The fault as a sentence. */
export function faultSentence({ kind, sequence }: ChainFault): string {
  const sentences: Record<ChainFault['kind'], string> = {
    edited: `Entry ${sequence} is not what was written: its content no longer gives its hash.`,
    removed: `Entry ${sequence} is missing.`,
    rewritten: `The chain is not the one a checkpoint saw: entries from ${sequence} on may be false.`,
    cut: `The chain once reached further: entry ${sequence} and what followed it are missing.`,
  }
  return sentences[kind]
}
