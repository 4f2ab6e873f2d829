import type { AuditRepo, StoredEntry } from './repo.ts'
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

export type ChainVerdict = { ok: true; entries: number; head: Buffer } | { ok: false; fault: ChainFault }

/**
 * Walks a chain from its beginning, `batch` entries in memory at a time, and names the first bad entry. The chain's own
 * head is a checkpoint too, but whoever can rewrite entries can rewrite it as well: only `checkpoints` kept outside the
 * database find a tail that was rewritten or cut consistently.
 */
export async function verifyChain(
  repo: Pick<AuditRepo, 'readChain' | 'headOf'>,
  chainId: string,
  checkpoints: readonly Checkpoint[] = [],
): Promise<ChainVerdict> {
  // Read first: what is appended during the walk is beyond it and is not missed.
  const stored = await repo.headOf(chainId)
  const known = new Map<number, Uint8Array[]>()
  for (const point of stored === undefined
    ? checkpoints
    : [...checkpoints, { sequence: stored.sequence, hash: stored.head }]) {
    known.set(point.sequence, [...(known.get(point.sequence) ?? []), point.hash])
  }
  let sequence = 0
  let head: Buffer = chainOrigin
  let trusted = 0
  for await (const entry of repo.readChain(chainId)) {
    const fault = faultOf(entry, sequence + 1, head)
    if (fault !== null) return { ok: false, fault }
    sequence = entry.sequence
    head = entry.hash
    const expected = known.get(sequence)
    if (expected === undefined) continue
    if (expected.some((hash) => !head.equals(hash))) {
      return { ok: false, fault: { kind: 'rewritten', sequence: trusted + 1, id: null } }
    }
    trusted = sequence
  }
  const furthest = Math.max(0, ...known.keys())
  if (sequence < furthest) return { ok: false, fault: { kind: 'cut', sequence: sequence + 1, id: null } }
  return { ok: true, entries: sequence, head }
}

function faultOf(entry: StoredEntry, expectedSequence: number, previousHash: Buffer): ChainFault | null {
  const { previousHash: claimed, hash, ...facts } = entry
  const at = { sequence: entry.sequence, id: entry.id }
  if (entry.sequence !== expectedSequence) return { kind: 'removed', sequence: expectedSequence, id: null }
  if (!entryHash(claimed, facts).equals(hash)) return { kind: 'edited', ...at }
  // Whole in itself, but it follows something else: its predecessor was replaced together with its own hash.
  if (!previousHash.equals(claimed)) {
    return { kind: 'edited', sequence: Math.max(1, entry.sequence - 1), id: null }
  }
  return null
}
