import type { Clock } from '@holdfast/kernel/clock'
import { verifySignature } from '@holdfast/kernel/crypto/signing'
import type { Context } from '../../../../context.ts'
import type { AuditKeys, PublicAuditKey } from '../keys/service.ts'
import type { Checkpoint } from '../verify.ts'
import type { CheckpointFile } from './file.ts'
import type { CheckpointsRepo } from './repo.ts'
import { checkpointText, organizationOf, type SignedCheckpoint } from './rules.ts'

/**
 * Checkpoints: heads of the audit chains, signed by a key that is not in the database and written where the database's
 * owner cannot reach. With them a tail that was rewritten or cut consistently is found.
 *
 * Invariants: a checkpoint is in the file before it is in the database; one that none of the servers' keys signed counts
 * for nothing, wherever it stands.
 */
export interface Checkpoints {
  /** Signs every head that has moved since the last time; answers the new checkpoints. */
  sign(ctx: Context): Promise<SignedCheckpoint[]>
  list(ctx: Context, limit: number): Promise<SignedCheckpoint[]>
  /** All that bear a good signature, by chain (null: the platform's), from the file and from the database. */
  trusted(ctx: Context): Promise<Map<string | null, Checkpoint[]>>
}

interface Needs {
  repo: CheckpointsRepo
  file: CheckpointFile
  keys: AuditKeys
  clock: Clock
}

const databaseMax = 100_000

export function createCheckpoints({ repo, file, keys, clock }: Needs): Checkpoints {
  return {
    list: (ctx, limit) => repo.list(ctx, limit),

    async sign(ctx) {
      const { keyId, sign } = keys.signer()
      const at = clock.now().toISOString()
      const checkpoints = (await repo.unsignedHeads(ctx, keyId)).map(({ chainId, sequence, head }) => {
        const facts = {
          organizationId: organizationOf(chainId),
          sequence,
          hash: head.toString('hex'),
          at,
          keyId,
        }
        return { ...facts, signature: sign(checkpointText({ ...facts, signature: '' })) }
      })
      if (checkpoints.length === 0) return []
      await keys.publish(ctx)
      await file.append(checkpoints)
      for (const checkpoint of checkpoints) await repo.insert(ctx, checkpoint)
      return checkpoints
    },

    async trusted(ctx) {
      const all = [...(await file.read()), ...(await repo.list(ctx, databaseMax))]
      return trustedHeads(all, await keys.trusted(ctx))
    },
  }
}

/** Those that one of these keys signed, each once, by chain. */
export function trustedHeads(
  checkpoints: readonly SignedCheckpoint[],
  keys: readonly PublicAuditKey[],
): Map<string | null, Checkpoint[]> {
  const unique = new Map(checkpoints.map((checkpoint) => [checkpoint.signature, checkpoint]))
  const heads = new Map<string | null, Checkpoint[]>()
  for (const checkpoint of unique.values()) {
    const key = keys.find(({ keyId }) => keyId === checkpoint.keyId)
    if (
      key === undefined ||
      !verifySignature(key.publicKey, checkpointText(checkpoint), checkpoint.signature)
    )
      continue
    const head = { sequence: checkpoint.sequence, hash: Buffer.from(checkpoint.hash, 'hex') }
    heads.set(checkpoint.organizationId, [...(heads.get(checkpoint.organizationId) ?? []), head])
  }
  return heads
}
