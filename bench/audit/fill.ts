import { startManagedPostgres } from '@holdfast/database/managed/managed-postgres'
import { silentLogger } from '@holdfast/kernel/logger'
import { type AuditFacts, entryHash, platformChainId } from '@holdfast/server/areas/platform/audit/rules'
import pg from 'pg'

const batch = 5_000

/** Lengthens the platform's chain of the installation in this folder to `wanted` entries, each with its right hash. */
export async function fillChain(dataDirectory: string, wanted: number): Promise<void> {
  const postgres = await startManagedPostgres({
    dataDirectory,
    logger: silentLogger,
    searchPath: process.env.PATH ?? '',
  })
  const client = new pg.Client(postgres.connectionConfig)
  await client.connect()
  // The server may still be writing what it was asked for: whoever appends holds the chain's row.
  await client.query('begin')
  const { rows } = await client.query<{ sequence: string; head: Buffer }>(
    'select sequence, head from audit_chains where id = $1 for update',
    [platformChainId],
  )
  let sequence = Number(rows[0]?.sequence ?? 0)
  let head: Buffer = rows[0]?.head ?? Buffer.alloc(32)
  while (sequence < wanted) {
    const columns: unknown[][] = [[], [], [], [], []]
    for (let count = 0; count < batch && sequence < wanted; count += 1) {
      sequence += 1
      const facts = entryFacts(sequence)
      const previous = head
      head = entryHash(previous, facts)
      for (const [index, value] of [
        sequence,
        facts.id,
        JSON.stringify(facts.details),
        previous,
        head,
      ].entries())
        columns[index]?.push(value)
    }
    await client.query(
      `insert into audit_entries (chain_id, sequence, id, occurred_at, actor_kind, actor_id, actor_name, action,
        target_type, target_id, result, request_id, ip, details, previous_hash, hash)
      select $1, sequence, id, '2026-01-01T00:00:00Z', 'user', $2, 'bench', 'group.created', 'group', id::text, 'success',
        'request', '127.0.0.1', details, previous_hash, hash
      from unnest($3::bigint[], $4::uuid[], $5::jsonb[], $6::bytea[], $7::bytea[])
        as new (sequence, id, details, previous_hash, hash)`,
      [platformChainId, actorId, ...columns],
    )
  }
  await client.query('update audit_chains set sequence = $2, head = $3 where id = $1', [
    platformChainId,
    sequence,
    head,
  ])
  await client.query('commit')
  await client.query('vacuum analyze audit_entries')
  await client.end()
  await postgres.stop()
}

const actorId = '019b0000-0000-7000-8000-00000000ffff'

function entryFacts(sequence: number): AuditFacts {
  const id = `019b0000-0000-7000-8000-${sequence.toString(16).padStart(12, '0')}`
  return {
    chainId: platformChainId,
    sequence,
    id,
    occurredAt: '2026-01-01T00:00:00.000Z',
    actorKind: 'user',
    actorId,
    actorName: 'bench',
    action: 'group.created',
    targetType: 'group',
    targetId: id,
    result: 'success',
    requestId: 'request',
    ip: '127.0.0.1',
    details: { name: `Group ${sequence}`, permissions: ['view', 'create'] },
  }
}
