import { tenantItemsMax } from '@holdfast/contracts/gateway/shared'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events, NewEvent } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Countable } from '../config-feed/rules.ts'
import type { ConfigFeed, EntityChange } from '../config-feed/service.ts'

/**
 * Every change of a tenant's configuration goes this way: one transaction in the tenant's scope, one writer of a tenant at
 * a time, one revision, one event, one audit entry in the tenant's chain.
 */
export interface TenantWrites {
  write<T>(ctx: Context, work: (ctx: Context) => Promise<TenantWrite<T>>): Promise<Written<T>>
  /** Counts what is added (or, negative, taken away). Throws gateway.limit_reached. */
  count(ctx: Context, what: Countable, added: number): Promise<void>
}

export interface TenantWrite<T> {
  value: T
  entries: readonly EntityChange[]
  /** Past tense; the audit entry has the action of the route. Null when nothing was changed and none is due. */
  event: NewEvent | null
  audit: {
    action?: string
    target: { type: string; id: string | null }
    details: Record<string, unknown>
  } | null
}

/** What was answered, and the revision that has it. */
export interface Written<T> {
  value: T
  revision: number
}

interface Needs {
  feed: Pick<ConfigFeed, 'lock' | 'change' | 'count'>
  database: Pick<Database<Tables>, 'tenant'>
  events: Pick<Events, 'append'>
  audit: Pick<AuditLog, 'append'>
}

export function createTenantWrites({ feed, database, events, audit }: Needs): TenantWrites {
  return {
    write: (ctx, work) =>
      database.tenant(ctx, async (tx) => {
        await feed.lock(tx)
        const { value, entries, event, audit: entry } = await work(tx)
        const revision = await feed.change(tx, entries)
        if (event !== null) await events.append(tx, event)
        if (entry !== null) await audit.append(tx, { ...entry, organizationId: tx.organizationId })
        return { value, revision }
      }),

    async count(ctx, what, added) {
      const total = added === 0 ? 0 : await feed.count(ctx, what, added)
      if (added > 0 && total > tenantItemsMax)
        throw problem('gateway.limit_reached', {
          sentence: `A tenant has at most ${tenantItemsMax} ${what}. Delete those that are not used any more.`,
        })
    },
  }
}
