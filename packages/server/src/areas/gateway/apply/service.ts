import type { Applied, GatewayDocument } from '@holdfast/contracts/gateway/apply'
import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import type { Settings } from '@holdfast/contracts/gateway/tenants'
import { tenantItemsMax } from '@holdfast/contracts/gateway/shared'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ConfigFeed, EntityChange } from '../config-feed/service.ts'
import type { StoredConsumer } from '../consumers/model.ts'
import { issueConsumerKey } from '../consumers/keys.ts'
import { consumerEntry, newConsumer, shownConsumer } from '../consumers/rules.ts'
import type { ItemStore } from '../listing/store.ts'
import { duplicates } from '../routes/duplicates.ts'
import { newRoute, routeEntry } from '../routes/rules.ts'
import type { StoredService } from '../services/model.ts'
import { newService, serviceEntry } from '../services/rules.ts'
import { settingsDefault } from '../tenant/rules.ts'
import type { TenantWrites, Written } from '../writes/service.ts'
import { documentMistakes, type Held, type Plan, type PlanMode, plan } from './plan.ts'

/**
 * Makes a tenant's configuration what a document says: the differences are found first, then made in one transaction and
 * one revision. Applying the same document again finds none. Events: gateway.applied, gateway.openapi_imported.
 */
export interface Apply {
  /** Throws gateway.document_invalid, gateway_services.targets_conflict, gateway.limit_reached. */
  apply(ctx: Context, document: GatewayDocument, options: ApplyOptions): Promise<Written<Applied>>
}

export interface ApplyOptions {
  dryRun: boolean
  mode: PlanMode
  /** What to say about the document, beside what the tenant has. */
  warnings?: (held: Held) => string[]
}

interface Needs {
  stores: {
    services: ItemStore<StoredService>
    routes: ItemStore<RouteEntity>
    consumers: ItemStore<StoredConsumer>
    tenant: {
      settings(ctx: Context): Promise<Settings | undefined>
      saveSettings(ctx: Context, settings: Settings, at: Date): Promise<void>
    }
  }
  feed: Pick<ConfigFeed, 'current'>
  writes: TenantWrites
  database: Pick<Database<Tables>, 'tenant'>
  clock: Clock
  ids: Ids
}

const everything = { limit: tenantItemsMax }
const none = () => []

export function createApply({ stores, feed, writes, database, clock, ids }: Needs): Apply {
  const held = async (ctx: Context): Promise<Held> => ({
    services: await stores.services.list(ctx, everything),
    routes: await stores.routes.list(ctx, everything),
    consumers: await stores.consumers.list(ctx, everything),
    settings: (await stores.tenant.settings(ctx)) ?? settingsDefault,
  })

  function planOf(before: Held, document: GatewayDocument, mode: PlanMode): Plan {
    const details = documentMistakes(before, document)
    if (details.length > 0) throw problem('gateway.document_invalid', { details })
    return plan(before, document, mode)
  }

  async function dryRun(ctx: Context, document: GatewayDocument, { mode, warnings = none }: ApplyOptions) {
    ctx.audit.isDue = false
    return database.tenant(ctx, async (tx) => {
      const { revision } = await feed.current(tx, tx.organizationId ?? '')
      const before = await held(tx)
      const { differences } = planOf(before, document, mode)
      const value = { dryRun: true, revision, differences, consumers: [], warnings: warnings(before) }
      return { value, revision }
    })
  }

  /** Routes go first and services last, so that nothing refers to what is not there (any more). */
  async function carryOut(ctx: Context, before: Held, steps: Plan) {
    const tenantId = ctx.organizationId ?? ''
    const at = clock.now()
    const updatedAt = at.toISOString()
    const gone = steps.routes.remove.map(({ id }) => ({ kind: 'route' as const, id, value: null }))

    const services = [
      ...steps.services.create.map((input) => newService(tenantId, ids.uuid(), input, at)),
      ...steps.services.update.map((service) => ({ ...service, updatedAt })),
    ]
    const leaving = new Set(steps.services.remove.map(({ id }) => id))
    const staying = before.services.filter(({ id }) => !leaving.has(id)).toReversed()
    const idOf = new Map([...staying, ...services].map(({ name, id }) => [name, id]))
    const routes = [
      ...steps.routes.create.map(({ service, ...input }) =>
        newRoute(tenantId, ids.uuid(), { ...input, serviceId: idOf.get(service) ?? '' }, at),
      ),
      ...steps.routes.update.map(({ service, ...route }) => ({
        ...route,
        serviceId: idOf.get(service ?? '') ?? route.serviceId,
        updatedAt,
      })),
    ]
    const created = steps.consumers.create.map((input) => {
      const { apiKey, keyHash } = issueConsumerKey(tenantId)
      return { apiKey, consumer: newConsumer(tenantId, ids.uuid(), input, keyHash, at) }
    })
    const consumers = [...created.map(({ consumer }) => consumer), ...steps.consumers.update]

    await writes.count(ctx, 'routes', steps.routes.create.length - steps.routes.remove.length)
    await writes.count(ctx, 'services', steps.services.create.length - steps.services.remove.length)
    await writes.count(ctx, 'consumers', steps.consumers.create.length - steps.consumers.remove.length)
    const idsOf = (list: readonly { id: string }[]) => list.map(({ id }) => id)
    await stores.routes.remove(ctx, idsOf(steps.routes.remove), at)
    await stores.services.save(ctx, services)
    await stores.routes.save(ctx, routes)
    await stores.services.remove(ctx, idsOf(steps.services.remove), at)
    await stores.consumers.save(ctx, consumers)
    await stores.consumers.remove(ctx, idsOf(steps.consumers.remove), at)
    if (steps.settings !== null) await stores.tenant.saveSettings(ctx, steps.settings, at)

    const entries: EntityChange[] = [
      ...gone,
      ...services.map(serviceEntry),
      ...routes.map(routeEntry),
      ...steps.services.remove.map(({ id }) => ({ kind: 'service' as const, id, value: null })),
      ...consumers.map(consumerEntry),
      ...steps.consumers.remove.map(({ id }) => ({ kind: 'consumer' as const, id, value: null })),
      ...(steps.settings === null
        ? []
        : [{ kind: 'settings' as const, id: tenantId, value: { id: tenantId, ...steps.settings } }]),
    ]
    return {
      entries,
      issued: created.map(({ consumer, apiKey }) => ({ ...shownConsumer(consumer), apiKey })),
    }
  }

  return {
    async apply(ctx, document, options) {
      if (options.dryRun) return dryRun(ctx, document, options)
      const { value, revision } = await duplicates(() =>
        writes.write(ctx, async (tx) => {
          const before = await held(tx)
          const steps = planOf(before, document, options.mode)
          const { entries, issued } = await carryOut(tx, before, steps)
          const { differences } = steps
          const counts = countsOf(differences)
          return {
            value: {
              dryRun: false,
              differences,
              consumers: issued,
              warnings: (options.warnings ?? none)(before),
            },
            entries,
            event: differences.length === 0 ? null : { type: 'gateway.applied', data: counts },
            audit: { target: { type: 'tenant', id: tx.organizationId }, details: counts },
          }
        }),
      )
      return { value: { ...value, revision }, revision }
    },
  }
}

/** How many of each: `{ 'route create': 3 }`. */
function countsOf(differences: Applied['differences']): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind, action } of differences)
    counts[`${kind} ${action}`] = (counts[`${kind} ${action}`] ?? 0) + 1
  return counts
}
