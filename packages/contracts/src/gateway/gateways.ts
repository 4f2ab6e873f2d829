import { z } from 'zod'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { TenantParams } from './shared.ts'
import { GatewayEntity } from './tenants.ts'

/** Whether a tenant's gateways are connected, and which of them lag. */
export const GatewayStatus = z
  .object({
    tenantId: Id,
    /** True when at least one gateway is connected. */
    online: z.boolean(),
    /** The newest revision of the configuration. */
    revision: z.int(),
    /** Connected gateways that have not put the newest revision into force. */
    behind: z.int(),
    gateways: z.array(GatewayEntity),
  })
  .meta({ id: 'GatewayStatus' })
export type GatewayStatus = z.output<typeof GatewayStatus>

export const getGatewayStatus = route({
  id: 'gateways.status',
  method: 'GET',
  path: '/api/tenants/{tenantId}/gateway-status',
  summary: 'Get whether the gateways of a tenant are connected and up to date',
  access: { organization: 'member' },
  params: TenantParams,
  answers: { 200: GatewayStatus },
})

export const gatewayStatusRoutes = [getGatewayStatus] as const
