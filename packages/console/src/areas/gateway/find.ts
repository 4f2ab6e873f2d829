import { listConsumers } from '@holdfast/contracts/gateway/consumers'
import { listGatewayRoutes } from '@holdfast/contracts/gateway/routes'
import { listServices } from '@holdfast/contracts/gateway/services'
import { KeyRound, Route, Server } from 'lucide-react'
import { client } from '../../lib/client.ts'
import { chosenOrganizationId } from '../../lib/organization.ts'
import type { FoundThing } from '../area.ts'

const most = 5

/** Services, routes and consumers of the chosen organization with this text in their name, address or path. */
export async function findInGateway(text: string, signal: AbortSignal): Promise<FoundThing[]> {
  const tenantId = chosenOrganizationId()
  if (tenantId === undefined) return []
  const input = { params: { tenantId }, query: { search: text, limit: most } }
  const [services, routes, consumers] = await Promise.all([
    client.call(listServices, input, { signal }),
    client.call(listGatewayRoutes, input, { signal }),
    client.call(listConsumers, input, { signal }),
  ])
  return [
    ...services.map(({ id, name, targetUrl }) => ({
      to: `/gateway/services/${id}`,
      label: name,
      icon: Server,
      note: targetUrl,
    })),
    ...routes.map(({ id, method, pathPattern }) => ({
      to: `/gateway/routes/${id}`,
      label: `${method} ${pathPattern}`,
      icon: Route,
      note: 'Gateway route',
    })),
    ...consumers.map(({ id, name }) => ({
      to: `/gateway/consumers/${id}`,
      label: name,
      icon: KeyRound,
      note: 'Consumer',
    })),
  ]
}
