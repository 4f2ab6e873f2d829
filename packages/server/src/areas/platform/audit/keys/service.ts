import type { Clock } from '@holdfast/kernel/clock'
import { type Envelope, SealedValueError } from '@holdfast/kernel/crypto/envelope'
import { publicKeyId, type Signer } from '@holdfast/kernel/crypto/signing'
import type { Context } from '../../../../context.ts'
import { sealedColumns } from '../../../../sealing/columns.ts'
import type { AuditKeyRow, AuditKeysRepo } from './repo.ts'

/**
 * The keys that sign checkpoints and segments. The private half stays with the server that made it, or with all of them
 * in HOLDFAST_AUDIT_KEY; the public halves are in the database, so that each server verifies what another one signed.
 *
 * Invariants: no private key is in the database; a public key counts only when the master key, which is not there either,
 * has sealed it, so that nobody who only owns the database makes their own key count.
 */
export interface AuditKeys {
  /** Of this server. */
  signer(): Signer
  /** Makes the public half of this server's key known to the others, in `ctx.tx`. */
  publish(ctx: Context): Promise<void>
  /** This server's first, then those of the others. */
  trusted(ctx: Pick<Context, 'tx'>): Promise<PublicAuditKey[]>
}

export interface PublicAuditKey {
  keyId: string
  /** SubjectPublicKeyInfo in PEM. */
  publicKey: string
}

const sealPurpose = sealedColumns.auditKey.purpose

interface Needs {
  repo: AuditKeysRepo
  signer: () => Signer
  envelope: Pick<Envelope, 'needsRewrap' | 'open' | 'seal'>
  clock: Clock
}

export function createAuditKeys({ repo, signer, envelope, clock }: Needs): AuditKeys {
  /** Null when the master key has not sealed it, or it is not the key that it is called. */
  function opened({ keyId, publicKeySealed }: AuditKeyRow): PublicAuditKey | null {
    try {
      const publicKey = envelope.open(publicKeySealed, sealPurpose)
      return publicKeyId(publicKey) === keyId ? { keyId, publicKey } : null
    } catch (error) {
      if (error instanceof SealedValueError) return null
      throw error
    }
  }

  const isGood = (row: AuditKeyRow) => opened(row) !== null && !envelope.needsRewrap(row.publicKeySealed)

  return {
    signer,

    async publish(ctx) {
      const { keyId, publicKey } = signer()
      const known = (await repo.list(ctx)).find((row) => row.keyId === keyId)
      if (known !== undefined && isGood(known)) return
      await repo.save(ctx, { keyId, publicKeySealed: envelope.seal(publicKey, sealPurpose) }, clock.now())
    },

    async trusted(ctx) {
      const { keyId, publicKey } = signer()
      const others = (await repo.list(ctx)).filter((row) => row.keyId !== keyId).map(opened)
      return [{ keyId, publicKey }, ...others.filter((key) => key !== null)]
    },
  }
}
