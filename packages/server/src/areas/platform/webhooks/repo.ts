import type { Webhook } from '@holdfast/contracts/platform/webhooks'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { RecordPlacesRepo } from './records/repo.ts'

export type WebhooksRepo = ReturnType<typeof createWebhooksRepo>

/** A webhook as it is stored; secrets are sealed. */
export interface StoredWebhook {
  id: string
  name: string
  url: string
  events: string[]
  enabled: boolean
  ordered: boolean
  secretSealed: string
  previousSecretSealed: string | null
  previousSecretUntil: string | null
  headerNames: string[]
  headersSealed: string
  disabledReason: Webhook['disabledReason']
  pluginId: string | null
  failingSince: string | null
  lastTriggeredAt: string | null
  lastStatus: Webhook['lastStatus']
  createdAt: string
  updatedAt: string
}

/** All SQL of the webhooks themselves. */
export function createWebhooksRepo(database: Database<Tables>, places: Pick<RecordPlacesRepo, 'keep'>) {
  const select = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('webhooks')
      .select([
        'id',
        'name',
        'url',
        'events',
        'enabled',
        'ordered',
        'secret_sealed as secretSealed',
        'previous_secret_sealed as previousSecretSealed',
        'previous_secret_until as previousSecretUntil',
        'header_names as headerNames',
        'headers_sealed as headersSealed',
        'plugin_id as pluginId',
        'failing_since as failingSince',
        'last_triggered_at as lastTriggeredAt',
        'created_at as createdAt',
        'updated_at as updatedAt',
      ])
      .select(sql<StoredWebhook['disabledReason']>`disabled_reason`.as('disabledReason'))
      .select(sql<StoredWebhook['lastStatus']>`last_status`.as('lastStatus'))

  return {
    list: (ctx: Context): Promise<StoredWebhook[]> =>
      select(ctx).orderBy('id', 'desc').limit(1_000).execute(),

    find: (ctx: Context, id: string): Promise<StoredWebhook | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    findForUpdate: (ctx: Context, id: string): Promise<StoredWebhook | undefined> =>
      select(ctx).where('id', '=', id).forUpdate().executeTakeFirst(),

    findOfPlugin: (ctx: Context, pluginId: string): Promise<StoredWebhook | undefined> =>
      select(ctx).where('plugin_id', '=', pluginId).forUpdate().executeTakeFirst(),

    /** Ids of the webhooks of plugins, by plugin. */
    async idsOfPlugins(ctx: Context): Promise<Map<string, string>> {
      const rows = await database
        .of(ctx)
        .selectFrom('webhooks')
        .select(['id', 'plugin_id as pluginId'])
        .where('plugin_id', 'is not', null)
        .execute()
      return new Map(rows.map(({ id, pluginId }) => [pluginId ?? '', id]))
    },

    /** Whether there are at least `max`; the lock keeps two creations from both finding room. */
    async isFull(ctx: Context, max: number): Promise<boolean> {
      await sql`select pg_advisory_xact_lock(hashtext('holdfast webhooks'))`.execute(database.of(ctx))
      const rows = await database.of(ctx).selectFrom('webhooks').select('id').limit(max).execute()
      return rows.length >= max
    },

    async put(ctx: Context, webhook: StoredWebhook): Promise<void> {
      const row = {
        name: webhook.name,
        url: webhook.url,
        events: webhook.events,
        enabled: webhook.enabled,
        ordered: webhook.ordered,
        secret_sealed: webhook.secretSealed,
        previous_secret_sealed: webhook.previousSecretSealed,
        previous_secret_until: webhook.previousSecretUntil,
        header_names: webhook.headerNames,
        headers_sealed: webhook.headersSealed,
        disabled_reason: webhook.disabledReason,
        failing_since: webhook.failingSince,
        updated_at: webhook.updatedAt,
      }
      await database
        .of(ctx)
        .insertInto('webhooks')
        .values({
          ...row,
          id: webhook.id,
          plugin_id: webhook.pluginId,
          created_at: webhook.createdAt,
          last_triggered_at: null,
          last_status: null,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
      await places.keep(ctx, webhook.id)
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('webhooks').where('id', '=', id).execute()
    },

    /** The events that enabled webhooks ask for by name. */
    async subscriptions(): Promise<string[]> {
      const { rows } = await sql<{ name: string }>`
        select distinct unnest(events) as name from webhooks where enabled`.execute(database.kysely)
      return rows.map(({ name }) => name)
    },

    /** What a dashboard shows of the days since `day` (UTC, inclusive): attempts by outcome. */
    async days(ctx: Context, day: string): Promise<{ day: string; success: number; error: number }[]> {
      const { rows } = await sql<{ day: string; success: number; error: number }>`
        select day::text, sum(success_count)::bigint as success, sum(error_count)::bigint as error
        from webhook_days where day >= ${day}::date group by day order by day
      `.execute(database.of(ctx))
      return rows
    },

    async removeDaysBefore(day: string): Promise<void> {
      await sql`delete from webhook_days where day < ${day}::date`.execute(database.kysely)
    },
  }
}
