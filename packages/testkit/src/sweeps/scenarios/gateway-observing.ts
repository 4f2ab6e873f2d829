import {
  getConsumerStats,
  getHealthHistory,
  listErrors,
  listHealth,
  listLogs,
  listMetrics,
  resolveError,
  watchLogs,
  watchMetrics,
} from '@holdfast/contracts/gateway/analytics'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { createTelemetryRepo } from '@holdfast/server/areas/gateway/telemetry/repo'
import { createTelemetry } from '@holdfast/server/areas/gateway/telemetry/service'
import { systemContext } from '@holdfast/server/context'
import { scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { unknownId } from './ids.ts'
import { createTenantItems, makeTenant } from './tenant.ts'

const { service, consumer } = createTenantItems

const asOwner = async (world: World) => {
  const { as, params } = await makeTenant(world)
  return { as, params }
}
const withQuery = async (world: World) => ({ ...(await asOwner(world)), query: {} })

/** A tenant one of whose gateways has reported an error; `params.id` is the error's. */
async function error(world: World) {
  const { as, params } = await makeTenant(world)
  const { database, clock } = world.server
  const settings = { current: () => ({ gatewayLogRetentionDays: 30 }) }
  const telemetry = createTelemetry({ repo: createTelemetryRepo(database), database, settings, clock })
  const id = crypto.randomUUID()
  await telemetry.store(
    { ...systemContext('sweep'), organizationId: params.tenantId },
    { gatewayId: crypto.randomUUID(), bootId: crypto.randomUUID() },
    {
      sequence: 1,
      dropped: 0,
      logs: [],
      health: [],
      metrics: [],
      errors: [
        {
          id,
          at: clock.now().toISOString(),
          requestId: 'r-1',
          errorCode: 'DOWNSTREAM_ERROR',
          message: 'The service hung up.',
          serviceId: null,
          path: '/things',
          statusCode: 502,
        },
      ],
    },
  )
  return { as, params: { ...params, id }, body: { resolved: true } }
}

/** An answer that nobody refers to is closed by the garbage collection. */
const open: Response[] = []

/** A tenant whose members follow as much as each server lets them; they stay until it stops. */
async function followed(world: World) {
  const { as, params } = await asOwner(world)
  const path = `/api/tenants/${params.tenantId}/metrics/stream`
  for (let count = 0; count < 20 * world.replicas; count += 1)
    open.push(await fetch(world.server.url + path, { headers: as.headers }))
  return { as, params }
}

export const gatewayObservingScenarios = [
  scenario(getGatewayStatus, { success: asOwner }),
  scenario(listLogs, { success: withQuery }),
  scenario(watchLogs, {
    success: withQuery,
    problems: {
      'gateway.streams_exhausted': async (world) => ({ ...(await followed(world)), query: {} }),
    },
  }),
  scenario(listErrors, { success: withQuery }),
  scenario(resolveError, {
    success: error,
    problems: {
      'gateway_errors.not_found': async (world) => {
        const { as, params } = await asOwner(world)
        return { as, params: { ...params, id: unknownId }, body: { resolved: true } }
      },
    },
  }),
  scenario(listHealth, { success: asOwner }),
  scenario(getHealthHistory, {
    success: async (world) => {
      const { as, params } = await service(world)
      return { as, params: { tenantId: params.tenantId, serviceId: params.id } }
    },
    problems: {
      'gateway_services.not_found': async (world) => {
        const { as, params } = await asOwner(world)
        return { as, params: { ...params, serviceId: unknownId } }
      },
    },
  }),
  scenario(listMetrics, { success: withQuery }),
  scenario(watchMetrics, { success: asOwner, problems: { 'gateway.streams_exhausted': followed } }),
  scenario(getConsumerStats, {
    success: async (world) => {
      const { as, params } = await consumer(world)
      return { as, params }
    },
    problems: {
      'gateway_consumers.not_found': async (world) => {
        const { as, params } = await asOwner(world)
        return { as, params: { ...params, id: unknownId } }
      },
    },
  }),
]
