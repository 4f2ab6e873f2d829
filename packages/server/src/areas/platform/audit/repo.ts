import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { AuditFacts } from './rules.ts'
import { chainOrigin } from './rules.ts'

export type AuditRepo = ReturnType<typeof createAuditRepo>

export interface StoredEntry extends AuditFacts {
  previousHash: Buffer
  hash: Buffer
}

export function createAuditRepo(database: Database<Tables>) {
  return {
    /** Takes the chain's next sequence number and locks its head until the transaction ends. */
    async advance(ctx: Context, chainId: string): Promise<{ sequence: number; head: Buffer }> {
      const { rows } = await sql<{ sequence: number; head: Buffer }>`
        insert into audit_chains (id, sequence, head) values (${chainId}, 1, ${chainOrigin})
        on conflict (id) do update set sequence = audit_chains.sequence + 1
        returning sequence, head
      `.execute(database.of(ctx))
      const [row] = rows
      if (row === undefined) throw new Error('The audit chain did not answer.')
      return row
    },

    async insert(ctx: Context, entry: StoredEntry): Promise<void> {
      await sql`
        with entry as (
          insert into audit_entries (chain_id, sequence, id, occurred_at, actor_kind, actor_id, actor_name, action,
            target_type, target_id, result, request_id, ip, details, previous_hash, hash)
          values (${entry.chainId}, ${entry.sequence}, ${entry.id}, ${entry.occurredAt}, ${entry.actorKind}, ${entry.actorId},
            ${entry.actorName}, ${entry.action}, ${entry.targetType}, ${entry.targetId}, ${entry.result},
            ${entry.requestId}, ${entry.ip}, ${JSON.stringify(entry.details)}::jsonb, ${entry.previousHash}, ${entry.hash})
        )
        update audit_chains set head = ${entry.hash} where id = ${entry.chainId}
      `.execute(database.of(ctx))
    },

    /** Where the chain says it is; undefined when it has no entry. */
    headOf: (chainId: string): Promise<{ sequence: number; head: Buffer } | undefined> =>
      database.kysely
        .selectFrom('audit_chains')
        .select(['sequence', 'head'])
        .where('id', '=', chainId)
        .executeTakeFirst(),

    /** Chains that have an entry, the platform's first. */
    async chains(): Promise<string[]> {
      const rows = await database.kysely.selectFrom('audit_chains').select('id').orderBy('id').execute()
      return rows.map(({ id }) => id)
    },

    /** The entries of a chain that follow `after`, in order and in batches, so that a long chain needs little memory. */
    async *readChain(
      chainId: string,
      after = 0,
      upTo = Number.MAX_SAFE_INTEGER,
    ): AsyncGenerator<StoredEntry[]> {
      for (let last = after; ; ) {
        const rows = await database.kysely
          .selectFrom('audit_entries')
          .select(entryColumns)
          .where('chain_id', '=', chainId)
          .where('sequence', '>', last)
          .where('sequence', '<=', upTo)
          .orderBy('sequence')
          .limit(batchMax)
          .execute()
        if (rows.length > 0) yield rows
        if (rows.length < batchMax) return
        last = rows.at(-1)?.sequence ?? last
      }
    },
  }
}

const batchMax = 2_000

/** Every fact that is hashed, and the hashes. */
export const entryColumns = [
  'chain_id as chainId',
  'sequence',
  'id',
  'occurred_at as occurredAt',
  'actor_kind as actorKind',
  'actor_id as actorId',
  'actor_name as actorName',
  'action',
  'target_type as targetType',
  'target_id as targetId',
  'result',
  'request_id as requestId',
  'ip',
  'details',
  'previous_hash as previousHash',
  'hash',
] as const
