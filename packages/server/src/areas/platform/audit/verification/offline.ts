import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { publicKeyId } from '@holdfast/kernel/crypto/signing'
import { readCheckpoints } from '../checkpoints/file.ts'
import { chainOf } from '../checkpoints/rules.ts'
import { trustedHeads } from '../checkpoints/service.ts'
import { entryOf } from '../export/lines.ts'
import type { PublicAuditKey } from '../keys/service.ts'
import type { StoredEntry } from '../repo.ts'
import { type Checkpoint, faultOf, faultSentence } from '../verify.ts'

export interface OfflineReport {
  /** What is wrong, in sentences; none means that nothing is. */
  faults: string[]
  /** By chain, the sequence numbers that the files cover and how many signed heads were met in them. */
  chains: { chainId: string; entries: number; from: number; to: number; checkpoints: number }[]
}

interface Walk {
  entries: number
  from: number
  to: number
  head: Buffer
  checkpoints: number
}

/**
 * Verifies exported entries without a server: every entry gives its hash, each follows the one before it, and the heads
 * that one of the public keys in the file signed are met. A filtered export has gaps; what a gap hides is not proven, and is said. Files may
 * be sealed segments (`.gz`), in order. Throws for a file that is no export.
 */
export async function verifyOffline(options: {
  files: readonly string[]
  checkpointsFile?: string | undefined
  publicKeyFile?: string | undefined
}): Promise<OfflineReport> {
  const { files, checkpointsFile, publicKeyFile } = options
  if ((checkpointsFile === undefined) !== (publicKeyFile === undefined))
    throw new Error('Checkpoints prove something only with the public key that signed them: give both.')
  const heads =
    checkpointsFile === undefined || publicKeyFile === undefined
      ? new Map<string | null, Checkpoint[]>()
      : trustedHeads(await readCheckpoints(checkpointsFile), await readPublicKeys(publicKeyFile))
  const known = new Map<string, Map<number, Uint8Array>>(
    [...heads].map(([organizationId, list]) => [
      chainOf(organizationId),
      new Map(list.map(({ sequence, hash }) => [sequence, hash])),
    ]),
  )
  const faults: string[] = []
  const walks = new Map<string, Walk>()
  for (const file of files) {
    for await (const entry of readEntries(file)) {
      const walk = walks.get(entry.chainId)
      if (walk !== undefined && entry.sequence <= walk.to) continue
      const fault = faultOf(
        entry,
        walk === undefined ? entry.sequence : walk.to + 1,
        walk?.head ?? entry.previousHash,
      )
      if (fault !== null) faults.push(`Chain ${entry.chainId}: ${faultSentence(fault)}`)
      const signed = known.get(entry.chainId)?.get(entry.sequence)
      if (signed !== undefined && !entry.hash.equals(signed))
        faults.push(`Chain ${entry.chainId}: entry ${entry.sequence} is not the one that was signed.`)
      walks.set(entry.chainId, {
        entries: (walk?.entries ?? 0) + 1,
        from: walk?.from ?? entry.sequence,
        to: entry.sequence,
        head: entry.hash,
        checkpoints: (walk?.checkpoints ?? 0) + (signed === undefined ? 0 : 1),
      })
    }
  }
  for (const [chainId, signed] of known) {
    const reached = walks.get(chainId)?.to ?? 0
    const furthest = Math.max(...signed.keys())
    if (reached < furthest)
      faults.push(`Chain ${chainId}: the files end at entry ${reached}, and entry ${furthest} was signed.`)
  }
  return {
    faults,
    chains: [...walks].map(([chainId, { head: _head, ...walk }]) => ({ chainId, ...walk })),
  }
}

/** A file may hold the keys of several servers, one after the other. Throws for a file without one. */
async function readPublicKeys(file: string): Promise<PublicAuditKey[]> {
  const blocks = (await readFile(file, 'utf8')).match(
    /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g,
  )
  if (blocks === null)
    throw new Error(`${file} holds no public key. It is a PEM file: -----BEGIN PUBLIC KEY-----`)
  return blocks.map((publicKey) => ({ keyId: publicKeyId(publicKey), publicKey }))
}

async function* readEntries(file: string): AsyncGenerator<StoredEntry> {
  const raw = createReadStream(file)
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw
  raw.on('error', (error) => input.destroy(error))
  let number = 0
  for await (const line of createInterface({ input })) {
    number += 1
    if (line.trim() === '') continue
    try {
      yield entryOf(line)
    } catch (error) {
      throw new Error(`${file}, line ${number}: this is not an audit entry. Export with format=ndjson.`, {
        cause: error,
      })
    }
  }
}
