import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import { chainOf, organizationOf, type SignedCheckpoint } from './rules.ts'

export type CheckpointsRepo = ReturnType<typeof createCheckpointsRepo>

export function createCheckpointsRepo(database: Database<Tables>) {
  return {
    /** Heads of chains that this key has not signed yet. */
    async unsignedHeads(ctx: Context, keyId: string) {
      const { rows } = await sql<{ chainId: string; sequence: number; head: Buffer }>`
        select id as "chainId", sequence, head from audit_chains
        where sequence > 0 and not exists (
          select from audit_checkpoints
          where chain_id = audit_chains.id and audit_checkpoints.sequence = audit_chains.sequence and key_id = ${keyId}
        ) order by id
      `.execute(database.of(ctx))
      return rows
    },

    async insert(ctx: Context, checkpoint: SignedCheckpoint): Promise<void> {
      const { organizationId, sequence, hash, at, keyId, signature } = checkpoint
      await database
        .of(ctx)
        .insertInto('audit_checkpoints')
        .values({
          chain_id: chainOf(organizationId),
          sequence,
          hash: Buffer.from(hash, 'hex'),
          at,
          key_id: keyId,
          signature,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    /** Newest first. */
    async list(ctx: Context, limit: number): Promise<SignedCheckpoint[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('audit_checkpoints')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('chain_id')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        organizationId: organizationOf(row.chain_id),
        sequence: row.sequence,
        hash: row.hash.toString('hex'),
        at: row.at,
        keyId: row.key_id,
        signature: row.signature,
      }))
    },
  }
}
