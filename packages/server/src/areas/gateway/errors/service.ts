import { analyticsPageRows, type ErrorEvent, type ErrorQuery } from '@holdfast/contracts/gateway/analytics'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import { readCursor, writeCursor } from '../logs/rules.ts'
import type { GatewayErrorsRepo } from './repo.ts'

/**
 * The inbox of what went wrong at a tenant's gateways. States: open -> resolved, and back.
 * Events: gateway.error_resolved, gateway.error_reopened.
 */
export interface GatewayErrors {
  /** Newest first. */
  list(ctx: Context, query: ErrorQuery): Promise<{ rows: ErrorEvent[]; nextCursor: string | null }>
  /** Throws gateway_errors.not_found. */
  resolve(ctx: Context, id: string, resolved: boolean): Promise<void>
}

interface Needs {
  repo: GatewayErrorsRepo
  database: Pick<Database<Tables>, 'tenant'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
}

export function createGatewayErrors({ repo, database, audit, events, clock }: Needs): GatewayErrors {
  return {
    list: (ctx, { resolved, page, cursor }) =>
      database.tenant(ctx, async (tx) => {
        const after = readCursor(cursor)
        const found = await repo.list(tx, {
          resolved: resolved === undefined ? undefined : resolved === 'true',
          after,
          offset: after === null ? (page - 1) * analyticsPageRows : 0,
          limit: analyticsPageRows + 1,
        })
        const rows = found.slice(0, analyticsPageRows)
        const last = rows.at(-1)
        const isMore = found.length > analyticsPageRows && last !== undefined
        return { rows, nextCursor: isMore ? writeCursor(last) : null }
      }),

    resolve: (ctx, id, resolved) =>
      database.tenant(ctx, async (tx) => {
        const met = await repo.setResolved(tx, id, resolved ? clock.now() : null)
        if (met === 0) throw problem('gateway_errors.not_found')
        const type = resolved ? 'gateway.error_resolved' : 'gateway.error_reopened'
        await events.append(tx, { type, organizationId: ctx.organizationId, data: { id } })
        await audit.append(tx, {
          target: { type: 'gateway_error', id },
          details: { resolved },
          organizationId: ctx.organizationId,
        })
      }),
  }
}
