import type { HealthSnapshot } from '@holdfast/contracts/gateway/analytics'
import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import type { ServiceEntity } from '@holdfast/contracts/gateway/services'

/** One line of the map: routes, the service that they lead to, and how it is. */
export interface MapRow {
  /** Null: the service of these routes was deleted. */
  service: ServiceEntity | null
  health: HealthSnapshot['status']
  routes: RouteEntity[]
}

/** Routes whose service is gone come first, because they fail; then the services by name. */
export function mapRows(
  services: readonly ServiceEntity[],
  routes: readonly RouteEntity[],
  health: readonly HealthSnapshot[],
): MapRow[] {
  const byService = Map.groupBy(routes, ({ serviceId }) => serviceId)
  const status = new Map(health.map((one) => [one.serviceId, one.status]))
  const known = new Set(services.map(({ id }) => id))
  const lost = routes.filter(({ serviceId }) => !known.has(serviceId))
  const rows = services
    .toSorted((left, right) => left.name.localeCompare(right.name))
    .map((service) => ({
      service,
      health: status.get(service.id) ?? ('unknown' as const),
      routes: byService.get(service.id) ?? [],
    }))
  return lost.length === 0 ? rows : [{ service: null, health: 'unknown', routes: lost }, ...rows]
}
