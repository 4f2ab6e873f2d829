import { isDeepStrictEqual } from 'node:util'
import type { Difference, GatewayDocument } from '@holdfast/contracts/gateway/apply'
import type { ProblemDetail } from '@holdfast/contracts/kit/problem'
import type { ConsumerInput } from '@holdfast/contracts/gateway/consumers'
import type { RouteEntity, RouteInput } from '@holdfast/contracts/gateway/routes'
import type { ServiceInput } from '@holdfast/contracts/gateway/services'
import type { Settings } from '@holdfast/contracts/gateway/tenants'
import type { StoredConsumer } from '../consumers/model.ts'
import { routeKey, routeName } from '../routes/rules.ts'
import type { StoredService } from '../services/model.ts'
import { targetsOf } from '../services/rules.ts'
import { changedSettings, settingsAfter } from '../tenant/rules.ts'
import { changedFields } from '../writes/rules.ts'

/** Everything that a tenant has. */
export interface Held {
  services: readonly StoredService[]
  routes: readonly RouteEntity[]
  consumers: readonly StoredConsumer[]
  settings: Settings
}

export interface Steps<Input, Stored> {
  create: Input[]
  update: Stored[]
  remove: Stored[]
}

/** What leads from what a tenant has to what a document says. Routes still name their service. */
export interface Plan {
  services: Steps<ServiceInput, StoredService>
  routes: Steps<NamedRoute, RouteEntity & { service?: string }>
  consumers: Steps<ConsumerInput, StoredConsumer>
  settings: Settings | null
  differences: Difference[]
}

export type NamedRoute = Omit<RouteInput, 'serviceId'> & { service: string }

/** `whole`: what a list leaves out goes. `addition`: nothing goes, and what is there stays as it is. */
export type PlanMode = 'whole' | 'addition'

/** What keeps a document from being applied; empty when nothing does. */
export function documentMistakes(held: Held, document: GatewayDocument): ProblemDetail[] {
  const services = document.services ?? []
  const known = new Set([...services, ...(document.services ? [] : held.services)].map(({ name }) => name))
  return [
    ...twice('services', services, ({ name }) => name),
    ...services.flatMap((service, index) =>
      altersPlatform(held, service)
        ? [{ path: `body.services.${index}`, message: 'is this server, whose address does not change' }]
        : [],
    ),
    ...twice('consumers', document.consumers ?? [], ({ name }) => name),
    ...twice('routes', document.routes ?? [], routeKey),
    ...(document.routes ?? []).flatMap(({ service }, index) =>
      known.has(service)
        ? []
        : [{ path: `body.routes.${index}.service`, message: `there is no service called "${service}"` }],
    ),
  ].slice(0, 100)
}

function altersPlatform(held: Held, { name, targetUrl, targets }: ServiceInput): boolean {
  const meant = held.services.find((service) => service.name === name)
  if (meant?.isPlatform !== true) return false
  const [first] = meant.targets
  return targetUrl === undefined ? !isDeepStrictEqual(targets, meant.targets) : targetUrl !== first?.url
}

function twice<T>(list: string, items: readonly T[], keyOf: (item: T) => string): ProblemDetail[] {
  const seen = new Map<string, number>()
  return items.flatMap((item, index) => {
    const first = seen.get(keyOf(item))
    if (first === undefined) seen.set(keyOf(item), index)
    return first === undefined
      ? []
      : [{ path: `body.${list}.${index}`, message: `is the same as ${list}.${first}` }]
  })
}

export function plan(held: Held, document: GatewayDocument, mode: PlanMode): Plan {
  const published = held.routes.filter(({ endpointId }) => endpointId !== null)
  const publishing = new Set(published.map(({ serviceId }) => serviceId))
  const services = compare({
    held: held.services,
    wanted: document.services,
    keyOf: ({ name }) => name,
    change: (before, { name: _name, targetUrl, targets, ...input }) =>
      mode === 'addition'
        ? before
        : {
            ...before,
            ...input,
            targets: before.isPlatform ? before.targets : targetsOf({ targetUrl, targets }),
          },
    mayGo: ({ id }) => mode === 'whole' && !publishing.has(id),
  })
  const nameOf = new Map(held.services.map(({ id, name }) => [id, name]))
  const routes = compare({
    held: held.routes
      .filter(({ endpointId }) => endpointId === null)
      .map((route) => ({ ...route, service: nameOf.get(route.serviceId) ?? '' })),
    wanted: document.routes,
    keyOf: routeKey,
    change: (before, input) => (mode === 'addition' ? before : { ...before, ...input }),
    mayGo: () => mode === 'whole',
  })
  const consumers = compare({
    held: held.consumers,
    wanted: document.consumers,
    keyOf: ({ name }) => name,
    change: (before, { rateLimitTier }) => ({ ...before, rateLimitTier }),
    mayGo: () => mode === 'whole',
  })
  const settings = document.settings === undefined ? null : settingsAfter(held.settings, document.settings)
  const changed = settings === null ? [] : changedSettings(held.settings, settings)
  return {
    services: services.steps,
    routes: routes.steps,
    consumers: consumers.steps,
    settings: changed.length === 0 ? null : settings,
    differences: [
      ...services.named('service', ({ name }) => name),
      ...routes.named('route', routeName),
      ...consumers.named('consumer', ({ name }) => name),
      ...(changed.length === 0
        ? []
        : [{ action: 'update' as const, kind: 'settings' as const, name: 'settings', fields: changed }]),
    ],
  }
}

interface Comparison<Input, Stored extends object> {
  held: readonly Stored[]
  /** Undefined: this list is left alone. */
  wanted: readonly Input[] | undefined
  keyOf: (item: Input | Stored) => string
  change: (before: Stored, wanted: Input) => Stored
  mayGo: (stored: Stored) => boolean
}

function compare<Input, Stored extends object>(comparison: Comparison<Input, Stored>) {
  const { held, wanted, keyOf, change, mayGo } = comparison
  const steps: Steps<Input, Stored> = { create: [], update: [], remove: [] }
  const fields = new Map<Stored, string[]>()
  const left = new Map<string, Stored>()
  // Of two with one name the older one is meant; the other is one too many.
  for (const stored of held) if (!left.has(keyOf(stored))) left.set(keyOf(stored), stored)
  const matched = new Set<Stored>()
  for (const input of wanted ?? []) {
    const before = left.get(keyOf(input))
    if (before === undefined) {
      steps.create.push(input)
      continue
    }
    matched.add(before)
    const after = change(before, input)
    const differing = changedFields(before, after)
    if (differing.length === 0) continue
    steps.update.push(after)
    fields.set(after, differing)
  }
  if (wanted !== undefined)
    steps.remove.push(...held.filter((stored) => !matched.has(stored) && mayGo(stored)))

  const named = (kind: Difference['kind'], nameOf: (item: Input | Stored) => string): Difference[] => [
    ...steps.create.map((each) => ({ action: 'create' as const, kind, name: nameOf(each), fields: [] })),
    ...steps.update.map((each) => ({
      action: 'update' as const,
      kind,
      name: nameOf(each),
      fields: fields.get(each) ?? [],
    })),
    ...steps.remove.map((each) => ({ action: 'delete' as const, kind, name: nameOf(each), fields: [] })),
  ]
  return { steps, named }
}
