import { secretNames } from '@holdfast/contracts/secret-names'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import { createMask } from '@holdfast/kernel/masking'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { storableJson, storableText } from '../../../storable.ts'
import type { AuditRepo } from './repo.ts'
import { type AuditFacts, platformChainId } from './rules.ts'

/**
 * The audit chain: proof of who changed what. One SHA-256 chain per organization and one for the platform.
 *
 * Invariants: an entry is written in the transaction of the change it records, or not at all; it is never changed;
 * its hash covers every fact a reader sees and the hash before it. Appending costs one row lock, taken when everything
 * else of the transaction is done and held for one statement and the commit.
 */
export interface AuditLog {
  /** Throws when there is no transaction, or no action (neither given nor declared by the route). */
  append(ctx: Context, entry: NewAuditEntry): Promise<void>
}

export interface NewAuditEntry {
  /** Past tense, `noun.verbed`. Default: the action the route declares. */
  action?: string
  target: { type: string; id: string | null }
  /** What changed, without secrets; what contracts mark as one is masked all the same. */
  details?: Record<string, unknown>
  /** The chain of this organization instead of the platform's. */
  organizationId?: string | null
}

interface Needs {
  repo: Pick<AuditRepo, 'append'>
  database: Pick<Database<Tables>, 'beforeCommit'>
  clock: Clock
  ids: Ids
}

const mask = createMask(secretNames)

type NewFacts = Omit<AuditFacts, 'sequence'>

export function createAuditLog({ repo, database, clock, ids }: Needs): AuditLog {
  /** What open transactions have to append when everything else is done. */
  const waiting = new WeakMap<object, NewFacts[]>()

  /** Chains in one order, so that two transactions with entries in the same two never wait for each other. */
  async function appendAll(ctx: Context, entries: readonly NewFacts[]): Promise<void> {
    for (const facts of entries.toSorted((one, other) =>
      one.chainId < other.chainId ? -1 : +(one.chainId > other.chainId),
    ))
      await repo.append(ctx, facts)
  }

  return {
    append(ctx, entry) {
      if (ctx.tx === undefined)
        throw new Error('Audit entries are written in the transaction of their change.')
      const action = entry.action ?? ctx.audit.action
      if (action === null) throw new Error('An audit entry needs an action.')
      const facts: NewFacts = {
        chainId: entry.organizationId ?? platformChainId,
        id: ids.uuid(),
        occurredAt: clock.now().toISOString(),
        ...actorFacts(ctx),
        action,
        targetType: entry.target.type,
        targetId: entry.target.id === null ? null : storableText(entry.target.id),
        result: 'success',
        requestId: ctx.requestId,
        ip: ctx.ip,
        // What is hashed is what PostgreSQL gives back, whatever a client put into a name.
        details: mask(storableJson(entry.details ?? {})),
      }
      const entries = waiting.get(ctx.tx)
      if (entries === undefined) {
        const first = [facts]
        waiting.set(ctx.tx, first)
        database.beforeCommit(ctx, () => appendAll(ctx, first))
      } else entries.push(facts)
      ctx.audit.appended += 1
      return Promise.resolve()
    },
  }
}

function actorFacts({ actor }: Context): Pick<AuditFacts, 'actorKind' | 'actorId' | 'actorName'> {
  if (actor.kind === 'user')
    return { actorKind: 'user', actorId: actor.userId, actorName: storableText(actor.login) }
  if (actor.kind === 'system') return { actorKind: 'system', actorId: null, actorName: actor.name }
  return { actorKind: 'anonymous', actorId: null, actorName: 'anonymous' }
}
