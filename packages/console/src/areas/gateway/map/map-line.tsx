import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import type { ServiceEntity } from '@holdfast/contracts/gateway/services'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowRight, KeyRound } from 'lucide-react'
import { classNames } from '../../../lib/class-names.ts'
import { plural } from '../../../lib/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { MethodBadge } from '../method-badge.tsx'
import { HealthBadge } from '../status-badge.tsx'
import type { MapRow } from './map-data.ts'

/** As many as one looks through; the list of routes has the others. */
const routesShown = 12

const boxClass = 'rounded-md border bg-surface p-3'
const calmClass = 'border-line'
const alarmClass = 'border-bad'

/** The routes to one service, the service, and its targets. */
export function MapLine({ row: { service, health, routes } }: { row: MapRow }) {
  return (
    <li className="grid items-center gap-2 md:grid-cols-[minmax(0,1fr)_1.5rem_minmax(0,22rem)]">
      <div className={classNames(boxClass, calmClass, routes.length === 0 && 'border-dashed')}>
        {routes.length === 0 ? (
          <p className="text-sm text-ink-subtle">No route leads here.</p>
        ) : (
          <ul className="flex flex-col gap-1">
            {routes.slice(0, routesShown).map((route) => (
              <li key={route.id}>
                <RouteLink route={route} />
              </li>
            ))}
          </ul>
        )}
        {routes.length > routesShown && (
          <Link
            to="/gateway/routes"
            search={service === null ? {} : { service: service.id }}
            className="mt-1 inline-block text-sm text-accent-ink underline underline-offset-2"
          >
            and {plural(routes.length - routesShown, 'more route')}
          </Link>
        )}
      </div>
      <ArrowRight aria-hidden className="hidden size-5 text-ink-subtle md:block" />
      <ArrowDown aria-hidden className="mx-auto size-5 text-ink-subtle md:hidden" />
      {service === null ? (
        <div className={classNames(boxClass, alarmClass)}>
          <Badge tone="bad">Service is gone</Badge>
          <p className="mt-1 text-sm text-ink-muted">
            {routes.length === 1
              ? 'The route answers 404 until you give it another one.'
              : `${plural(routes.length, 'route')} answer 404 until you give them another one.`}
          </p>
        </div>
      ) : (
        <ServiceBox service={service} health={health} />
      )}
    </li>
  )
}

function RouteLink({ route }: { route: RouteEntity }) {
  return (
    <Link
      to="/gateway/routes/$routeId"
      params={{ routeId: route.id }}
      className="flex min-w-0 items-center gap-2 rounded-sm px-1 py-0.5 hover:bg-hover"
    >
      <MethodBadge method={route.method} />
      <span className="min-w-0 truncate font-mono text-xs">
        {route.host}
        {route.pathPattern}
      </span>
      {route.authRequired && (
        <span className="ml-auto flex shrink-0 text-ink-subtle">
          <KeyRound aria-hidden className="size-3.5" />
          <span className="sr-only">asks for a key</span>
        </span>
      )}
      {!route.enabled && <Badge tone="warn">Off</Badge>}
    </Link>
  )
}

function ServiceBox({ service, health }: { service: ServiceEntity; health: MapRow['health'] }) {
  return (
    <div className={classNames(boxClass, health === 'unhealthy' ? alarmClass : calmClass)}>
      <div className="flex items-center justify-between gap-2">
        <Link
          to="/gateway/services/$serviceId"
          params={{ serviceId: service.id }}
          className="min-w-0 truncate font-medium underline-offset-2 hover:underline"
        >
          {service.name}
        </Link>
        <HealthBadge status={health} />
      </div>
      <ul className="mt-1 flex flex-col gap-0.5 text-ink-muted">
        {service.targets.map(({ url, weight }) => (
          <li key={url} className="flex items-center justify-between gap-2">
            <span className="min-w-0 truncate font-mono text-xs">{url}</span>
            {service.targets.length > 1 && <span className="text-xs tabular-nums">weight {weight}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
