import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { AuditFacts } from './rules.ts'
import { chainOrigin, factsAround, platformChainId } from './rules.ts'

export type AuditRepo = ReturnType<typeof createAuditRepo>

export interface StoredEntry extends AuditFacts {
  previousHash: Buffer
  hash: Buffer
}

export function createAuditRepo(database: Database<Tables>) {
  return {
    /**
     * Advances the chain and writes the entry behind its head, in one statement: the hash is made where the head is, so
     * that the chain's row is locked for one exchange with PostgreSQL and the commit.
     */
    async append(ctx: Context, facts: Omit<AuditFacts, 'sequence'>): Promise<void> {
      const [before, after] = factsAround(facts)
      const statement = sql<{ sequence: number }>`
        with chain as (
          update audit_chains set sequence = sequence + 1, previous_head = head,
            head = sha256(head || convert_to(${before}::text || (sequence + 1)::text || ${after}::text, 'UTF8'))
          where id = ${facts.chainId} returning sequence, previous_head, head
        )
        insert into audit_entries (chain_id, sequence, id, occurred_at, actor_kind, actor_id, actor_name, action,
          target_type, target_id, result, request_id, ip, details, previous_hash, hash)
        select ${facts.chainId}, sequence, ${facts.id}::uuid, ${facts.occurredAt}::timestamptz, ${facts.actorKind},
          ${facts.actorId}::uuid, ${facts.actorName}, ${facts.action}, ${facts.targetType}, ${facts.targetId},
          ${facts.result}, ${facts.requestId}, ${facts.ip}, ${JSON.stringify(facts.details)}::jsonb, previous_head, head
        from chain returning sequence`
      const { rows } = await statement.execute(database.of(ctx))
      if (rows.length === 1) return
      // The chain's first entry.
      await sql`insert into audit_chains (id, head) values (${facts.chainId}, ${chainOrigin}) on conflict do nothing`.execute(
        database.of(ctx),
      )
      await statement.execute(database.of(ctx))
    },

    /** Where the chain says it is; undefined when it has no entry. */
    headOf: (chainId: string): Promise<{ sequence: number; head: Buffer } | undefined> =>
      database.kysely
        .selectFrom('audit_chains')
        .select(['sequence', 'head'])
        .where('id', '=', chainId)
        .executeTakeFirst(),

    /** How far the chains have come: how many there are, their entries together, and the platform's newest. */
    async heads(): Promise<{ chains: number; entries: number; platformHead: number }> {
      const { rows } = await sql<{ chains: number; entries: number; platformHead: number }>`
        select count(*) as chains, coalesce(sum(sequence), 0)::bigint as entries,
          coalesce(max(sequence) filter (where id = ${platformChainId}), 0) as "platformHead"
        from audit_chains`.execute(database.kysely)
      return rows[0] ?? { chains: 0, entries: 0, platformHead: 0 }
    },

    /** Chains that have an entry, the platform's first. */
    async chains(): Promise<string[]> {
      const rows = await database.kysely.selectFrom('audit_chains').select('id').orderBy('id').execute()
      return rows.map(({ id }) => id)
    },

    /**
     * The entries of a chain that follow `after`, in order and in batches, so that a long chain needs little memory. The
     * next batch is asked for while the one before is being looked at.
     */
    async *readChain(
      chainId: string,
      after = 0,
      upTo = Number.MAX_SAFE_INTEGER,
    ): AsyncGenerator<StoredEntry[]> {
      const read = (from: number) =>
        database.pool.query<EntryRow>({
          text: chainSql,
          values: [chainId, from, upTo, batchMax],
          rowMode: 'array',
        })
      let next = read(after)
      for (;;) {
        const { rows } = await next
        const last = rows.at(-1)?.[1]
        if (last === undefined) return
        const more = rows.length === batchMax
        if (more) {
          next = read(Number(last))
          // Its failure is met where it is awaited; until then it must not count as unhandled.
          next.catch(() => undefined)
        }
        yield rows.map(entryOfRow)
        if (!more) return
      }
    },
  }
}

type EntryRow = [
  chainId: string,
  sequence: string | number,
  id: string,
  occurredAt: string,
  actorKind: string,
  actorId: string | null,
  actorName: string,
  action: string,
  targetType: string,
  targetId: string | null,
  result: string,
  requestId: string,
  ip: string | null,
  details: string,
  previousHash: Buffer,
  hash: Buffer,
]

const chainSql = `
  select chain_id, sequence, id, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), actor_kind,
    actor_id, actor_name, action, target_type, target_id, result, request_id, ip, details::text, previous_hash, hash
  from audit_entries where chain_id = $1 and sequence > $2 and sequence <= $3 order by sequence limit $4`

/** By hand, and from text: this is what a million entries are verified by. */
function entryOfRow(row: EntryRow): StoredEntry {
  return {
    chainId: row[0],
    sequence: Number(row[1]),
    id: row[2],
    occurredAt: row[3],
    actorKind: row[4],
    actorId: row[5],
    actorName: row[6],
    action: row[7],
    targetType: row[8],
    targetId: row[9],
    result: row[10],
    requestId: row[11],
    ip: row[12],
    details: JSON.parse(row[13]) as unknown,
    previousHash: row[14],
    hash: row[15],
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
