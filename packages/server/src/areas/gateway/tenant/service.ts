import type {
  GatewayEntity,
  Settings,
  SettingsChange,
  Tenant,
  TenantChoice,
} from '@holdfast/contracts/gateway/tenants'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ConfigFeed } from '../config-feed/service.ts'
import type { StoredGateway } from '../gateways/model.ts'
import { shownGateway } from '../gateways/rules.ts'
import type { TenantWrites, Written } from '../writes/service.ts'
import type { TenantRepo } from './repo.ts'
import { changedSettings, settingsAfter, settingsDefault } from './rules.ts'

/**
 * A tenant: an organization with its gateway, and what holds for all its routes. Events: gateway.settings_updated.
 */
export interface Tenants {
  /** Those that whoever asks belongs to, by name. */
  list(ctx: Context): Promise<TenantChoice[]>
  /** Throws organizations.not_found. */
  get(ctx: Context): Promise<Tenant>
  gateways(ctx: Context): Promise<GatewayEntity[]>
  settings(ctx: Context): Promise<Settings>
  update(ctx: Context, change: SettingsChange): Promise<Written<Settings>>
}

interface Needs {
  repo: TenantRepo
  /** Those of the tenant of `ctx`. */
  gateways: (ctx: Context) => Promise<StoredGateway[]>
  feed: Pick<ConfigFeed, 'current' | 'counts'>
  writes: TenantWrites
  database: Pick<Database<Tables>, 'tenant'>
  clock: Clock
}

export function createTenants(needs: Needs): Tenants {
  const { repo, gateways, feed, writes, database, clock } = needs
  const settings = async (ctx: Context) => (await repo.settings(ctx)) ?? settingsDefault

  return {
    list: async (ctx) => (ctx.actor.kind === 'user' ? await repo.ofUser(ctx, ctx.actor.userId) : []),

    get: (ctx) =>
      database.tenant(ctx, async (tx) => {
        const tenant = tx.actor.kind === 'user' ? await repo.find(tx, tx.actor.userId) : undefined
        if (tenant === undefined) throw problem('organizations.not_found')
        const { revision } = await feed.current(tx, tenant.id)
        const seen = (await gateways(tx)).flatMap(({ lastSeenAt }) => lastSeenAt ?? [])
        return {
          ...tenant,
          planId: 'free',
          gatewayConfigVersion: revision,
          lastSeen: seen.toSorted().at(-1) ?? null,
          counts: await feed.counts(tx),
        }
      }),

    gateways: (ctx) =>
      database.tenant(ctx, async (tx) => {
        const { revision } = await feed.current(tx, tx.organizationId ?? '')
        return (await gateways(tx)).map((each) => shownGateway(each, revision, clock.nowMs()))
      }),

    settings: (ctx) => database.tenant(ctx, settings),

    update: (ctx, change) =>
      writes.write(ctx, async (tx) => {
        const id = tx.organizationId ?? ''
        const before = await settings(tx)
        const after = settingsAfter(before, change)
        await repo.saveSettings(tx, after, clock.now())
        return {
          value: after,
          entries: [{ kind: 'settings', id, value: { id, ...after } }],
          event: { type: 'gateway.settings_updated', data: { id } },
          audit: {
            target: { type: 'gateway_settings', id },
            details: { changed: changedSettings(before, after) },
          },
        }
      }),
  }
}
