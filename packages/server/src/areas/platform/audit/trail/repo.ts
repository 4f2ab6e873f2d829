import type { AuditEntry, AuditQuery } from '@holdfast/contracts/platform/audit'
import type { Database } from '@holdfast/database/database'
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import { platformChainId } from '../rules.ts'
import { isUuid } from './rules.ts'

export type AuditTrailRepo = ReturnType<typeof createAuditTrailRepo>

/** The entry that a page begins after. */
export interface TrailPosition {
  at: string
  id: string
}

const countMax = 10_000

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
        .select(['id', 'sequence', 'action', 'result', 'ip', 'hash', 'actor_id', 'actor_name'])
        .select(['chain_id', 'occurred_at', 'target_type', 'target_id', 'request_id'])
        .select(sql<Record<string, unknown>>`details`.as('details'))
        .select(sql<AuditEntry['actorKind']>`actor_kind`.as('actor_kind'))
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
      return rows.map(
        (row): AuditEntry => ({
          id: row.id,
          sequence: row.sequence,
          organizationId: row.chain_id === platformChainId ? null : row.chain_id,
          at: row.occurred_at,
          actor: row.actor_name,
          actorId: row.actor_id,
          actorKind: row.actor_kind,
          action: row.action,
          targetType: row.target_type,
          targetId: row.target_id,
          result: row.result,
          requestId: row.request_id,
          ip: row.ip,
          details: row.details,
          hash: row.hash.toString('hex'),
        }),
      )
    },

    /** Without filters the chains know how long they are; with them, counting stops at `countMax`. */
    async count(ctx: Context, query: AuditQuery): Promise<number> {
      const { limit: _limit, offset: _offset, cursor: _cursor, ...filters } = query
      const unfiltered = Object.values(filters).every((value) => value === undefined)
      const { count } = unfiltered
        ? await database
            .of(ctx)
            .selectFrom('audit_chains')
            .select(sql<number>`coalesce(sum(sequence), 0)::bigint`.as('count'))
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
  query: AuditQuery,
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
