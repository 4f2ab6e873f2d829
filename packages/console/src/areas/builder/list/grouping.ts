import type { EndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'

/** A part of the list: a group with its endpoints, or null for those without one. */
export interface EndpointSection {
  group: EndpointGroup | null
  endpoints: Endpoint[]
}

const methodOrder = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Endpoints under their groups in the groups' order, paths together, methods in the order of reading to deleting. */
export function groupEndpoints(
  endpoints: readonly Endpoint[],
  groups: readonly EndpointGroup[],
  { showEmpty }: { showEmpty: boolean },
): EndpointSection[] {
  const sorted = endpoints.toSorted(
    (left, right) =>
      left.path.localeCompare(right.path) ||
      methodOrder.indexOf(left.method) - methodOrder.indexOf(right.method),
  )
  const known = new Set(groups.map((group) => group.id))
  const sections: EndpointSection[] = groups.map((group) => ({
    group,
    endpoints: sorted.filter((endpoint) => endpoint.groupId === group.id),
  }))
  const rest = sorted.filter((endpoint) => endpoint.groupId === null || !known.has(endpoint.groupId))
  if (rest.length > 0) sections.push({ group: null, endpoints: rest })
  return sections.filter((section) => showEmpty || section.endpoints.length > 0)
}
