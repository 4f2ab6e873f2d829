import type { AuditEntry, AuditFilters, AuditQuery } from '@holdfast/contracts/platform/audit'
import type { Database } from '@holdfast/database/database'
import { type Expression, type ExpressionBuilder, type Selectable, type SqlBool, sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import { entryColumns, type StoredEntry } from '../repo.ts'
import { platformChainId } from '../rules.ts'
import { isUuid } from './rules.ts'

export type AuditTrailRepo = ReturnType<typeof createAuditTrailRepo>

/** The entry that a page begins after. */
export interface TrailPosition {
  at: string
  id: string
}

const countMax = 10_000
const exportBatch = 1_000

const shown = [
  'id',
  'sequence',
  'action',
  'result',
  'ip',
  'hash',
  'previous_hash',
  'actor_id',
  'actor_name',
  'actor_kind',
  'chain_id',
  'occurred_at',
  'target_type',
  'target_id',
  'request_id',
  'details',
] as const

function shownEntry(row: Pick<Selectable<Tables['audit_entries']>, (typeof shown)[number]>): AuditEntry {
  return {
    id: row.id,
    sequence: row.sequence,
    organizationId: row.chain_id === platformChainId ? null : row.chain_id,
    at: row.occurred_at,
    actor: row.actor_name,
    actorId: row.actor_id,
    actorKind: row.actor_kind as AuditEntry['actorKind'],
    action: row.action,
    targetType: row.target_type,
    targetId: row.target_id,
    result: row.result,
    requestId: row.request_id,
    ip: row.ip,
    details: row.details as Record<string, unknown>,
    previousHash: row.previous_hash.toString('hex'),
    hash: row.hash.toString('hex'),
  }
}

/** All SQL that reads the trail. Writing it is the audit log's. */
export function createAuditTrailRepo(database: Database<Tables>) {
  return {
    /** Newest first: `limit` entries after the offset and after the position. */
    async list(
      ctx: Context,
      query: AuditQuery & { limit: number },
      after: TrailPosition | null,
    ): Promise<AuditEntry[]> {
      const matching = database
        .of(ctx)
        .selectFrom('audit_entries')
        .where((is) => is.and(conditions(is, query)))
      const rows = await matching
        .select(shown)
        .$if(after !== null, (rows) =>
          rows.where(
            sql<boolean>`(occurred_at, id) < (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`,
          ),
        )
        .orderBy('occurred_at', 'desc')
        .orderBy('id', 'desc')
        .limit(query.limit)
        .offset(query.offset ?? 0)
        .execute()
      return rows.map(shownEntry)
    },

    async find(ctx: Context, id: string): Promise<AuditEntry | undefined> {
      const row = await database
        .of(ctx)
        .selectFrom('audit_entries')
        .select(shown)
        .where('id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : shownEntry(row)
    },

    /** Everything that the filters leave, chain by chain, oldest first, in batches. */
    async *readAll(ctx: Context, filters: AuditFilters): AsyncGenerator<StoredEntry[]> {
      let after: Pick<StoredEntry, 'chainId' | 'sequence'> = { chainId: platformChainId, sequence: 0 }
      for (;;) {
        ctx.signal.throwIfAborted()
        const rows = await database
          .of(ctx)
          .selectFrom('audit_entries')
          .select(entryColumns)
          .where((is) => is.and(conditions(is, filters)))
          .where(sql<boolean>`(chain_id, sequence) > (${after.chainId}::uuid, ${after.sequence}::bigint)`)
          .orderBy('chain_id')
          .orderBy('sequence')
          .limit(exportBatch)
          .execute()
        if (rows.length > 0) yield rows
        const last = rows.at(-1)
        if (last === undefined || rows.length < exportBatch) return
        after = last
      }
    },

    /** Without filters the chains know how long they are; with them, counting stops at `countMax`. */
    async count(ctx: Context, query: AuditQuery): Promise<number> {
      const { limit: _limit, offset: _offset, cursor: _cursor, ...filters } = query
      const unfiltered = Object.values(filters).every((value) => value === undefined)
      const { count } = unfiltered
        ? await database
            .of(ctx)
            .selectFrom('audit_chains')
            .select(
              sql<number>`(coalesce(sum(sequence), 0) - (
                select coalesce(sum(to_sequence - from_sequence + 1), 0) from audit_segments
              ))::bigint`.as('count'),
            )
            .executeTakeFirstOrThrow()
        : await database
            .of(ctx)
            .selectFrom((from) =>
              from
                .selectFrom('audit_entries')
                .select('id')
                .where((is) => is.and(conditions(is, query)))
                .limit(countMax)
                .as('found'),
            )
            .select(sql<number>`count(*)`.as('count'))
            .executeTakeFirstOrThrow()
      return count
    },
  }
}

function conditions(
  is: ExpressionBuilder<Tables, 'audit_entries'>,
  query: AuditFilters,
): Expression<SqlBool>[] {
  const found: Expression<SqlBool>[] = []
  if (query.actor !== undefined) {
    const named = is.or([is('actor_name', '=', query.actor), is('actor_kind', '=', query.actor)])
    found.push(isUuid(query.actor) ? is('actor_id', '=', query.actor) : named)
  }
  if (query.action !== undefined)
    found.push(is.or(query.action.split(',').map((action) => actionIs(is, action.trim()))))
  if (query.target_type !== undefined) found.push(is('target_type', '=', query.target_type))
  if (query.target_id !== undefined) found.push(is('target_id', '=', query.target_id))
  if (query.result !== undefined) found.push(is('result', '=', query.result))
  if (query.since !== undefined) found.push(is('occurred_at', '>=', query.since))
  if (query.until !== undefined) found.push(is('occurred_at', '<', query.until))
  return found
}

/** `user.deleted` is itself; a bare `deleted` is the last part of any action. `delete` is understood as well. */
function actionIs(is: ExpressionBuilder<Tables, 'audit_entries'>, action: string): Expression<SqlBool> {
  const spellings = [action, `${action}d`, `${action}ed`]
  return action.includes('.')
    ? is('action', 'in', spellings)
    : is(sql<string>`split_part(action, '.', -1)`, 'in', spellings)
}
