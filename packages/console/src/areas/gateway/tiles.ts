import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { getTenant } from '@holdfast/contracts/gateway/tenants'
import { client } from '../../lib/client.ts'
import { chosenOrganizationId } from '../../lib/organization.ts'
import type { AreaTile } from '../area.ts'

/** How many gateways of the chosen organization are connected, and how many routes they serve. */
export async function gatewayTiles(signal: AbortSignal): Promise<AreaTile[]> {
  const tenantId = chosenOrganizationId()
  if (tenantId === undefined) return []
  const [{ counts }, { gateways }] = await Promise.all([
    client.call(getTenant, { params: { tenantId } }, { signal }),
    client.call(getGatewayStatus, { params: { tenantId } }, { signal }),
  ])
  const connected = gateways.filter(({ online }) => online).length
  return [
    { label: 'Gateways', value: connected, to: '/gateway/overview' },
    { label: 'Gateway routes', value: counts.routes, to: '/gateway/routes' },
  ]
}
