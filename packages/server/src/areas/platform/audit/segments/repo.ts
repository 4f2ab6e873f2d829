import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import { chainOf, organizationOf } from '../checkpoints/rules.ts'
import type { SealedSegment } from './rules.ts'

export type SegmentsRepo = ReturnType<typeof createSegmentsRepo>

export function createSegmentsRepo(database: Database<Tables>) {
  return {
    /** Oldest first. */
    async list(ctx: Context, chainId: string): Promise<SealedSegment[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('audit_segments')
        .selectAll()
        .where('chain_id', '=', chainId)
        .orderBy('to_sequence')
        .execute()
      return rows.map((row) => ({
        organizationId: organizationOf(row.chain_id),
        fromSequence: row.from_sequence,
        toSequence: row.to_sequence,
        lastHash: row.last_hash.toString('hex'),
        fileName: row.file_name,
        fileHash: row.file_hash.toString('hex'),
        sealedAt: row.sealed_at,
        keyId: row.key_id,
        signature: row.signature,
      }))
    },

    /** The last entry of a chain that happened before this instant, at most `limit` entries from its present beginning. */
    async lastBefore(ctx: Context, chainId: string, before: Date, limit: number): Promise<number | null> {
      const { rows } = await sql<{ sequence: number | null }>`
        select max(sequence) as sequence from (
          select sequence, occurred_at from audit_entries where chain_id = ${chainId} order by sequence limit ${limit}
        ) as oldest where occurred_at < ${before.toISOString()}
      `.execute(database.of(ctx))
      return rows[0]?.sequence ?? null
    },

    /** Records the segment and removes its entries. */
    async seal(ctx: Context, segment: SealedSegment): Promise<void> {
      const chainId = chainOf(segment.organizationId)
      await database
        .of(ctx)
        .insertInto('audit_segments')
        .values({
          chain_id: chainId,
          from_sequence: segment.fromSequence,
          to_sequence: segment.toSequence,
          last_hash: Buffer.from(segment.lastHash, 'hex'),
          file_name: segment.fileName,
          file_hash: Buffer.from(segment.fileHash, 'hex'),
          sealed_at: segment.sealedAt,
          key_id: segment.keyId,
          signature: segment.signature,
        })
        .execute()
      await database
        .of(ctx)
        .deleteFrom('audit_entries')
        .where('chain_id', '=', chainId)
        .where('sequence', '<=', segment.toSequence)
        .execute()
    },
  }
}
