import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { getTenant } from '@holdfast/contracts/gateway/tenants'
import { client } from '../../lib/client.ts'
import { chosenOrganizationId } from '../../lib/organization.ts'
import type { AreaTile } from '../area.ts'

/** What the chosen organization has at its gateways. */
export async function gatewayTiles(signal: AbortSignal): Promise<AreaTile[]> {
  const tenantId = chosenOrganizationId()
  if (tenantId === undefined) return []
  const [{ counts }, { gateways }] = await Promise.all([
    client.call(getTenant, { params: { tenantId } }, { signal }),
    client.call(getGatewayStatus, { params: { tenantId } }, { signal }),
  ])
  const connected = gateways.filter(({ online }) => online).length
  return [
    { label: 'Gateways connected', value: connected, to: '/gateway/overview' },
    { label: 'Gateway routes', value: counts.routes, to: '/gateway/routes' },
  ]
}
