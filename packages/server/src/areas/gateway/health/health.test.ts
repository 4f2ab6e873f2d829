import { getHealthHistory, listHealth } from '@holdfast/contracts/gateway/analytics'
import { describe, expect, it } from 'vitest'
import { useReporting } from '../telemetry/fixtures.ts'

describe('health of services', () => {
  const { server, tenant, at, stored } = useReporting()

  it('of health the newest check of each service is shown, and a hundred are kept', async () => {
    const mine = await tenant()
    const { serviceId, params, client } = mine
    const check = (agoMs: number, status: 'healthy' | 'unhealthy') => ({
      serviceId,
      status,
      latencyMs: 3,
      checkedAt: at(agoMs),
      errorMessage: null,
    })
    const health = Array.from({ length: 130 }, (_, index) =>
      check(index * 1_000, index === 0 ? 'unhealthy' : 'healthy'),
    )
    mine.gateway.report({
      sequence: 1,
      health: [...health, { ...check(0, 'healthy'), serviceId: crypto.randomUUID() }],
    })
    await stored(mine.gateway, 1)
    const newest = await client.call(listHealth, { params })
    expect(newest).toEqual([{ ...check(0, 'unhealthy'), gatewayId: mine.gateway.gatewayId }])
    const history = await client.call(getHealthHistory, { params: { ...params, serviceId } })
    expect(history).toHaveLength(100)
    expect(history[0]?.status).toBe('unhealthy')
    const kept = await server().database.tenant({ organizationId: params.tenantId }, ({ tx }) =>
      tx
        .selectFrom('gateway_health_checks')
        .select('service_id')
        .where('service_id', '=', serviceId)
        .execute(),
    )
    expect(kept).toHaveLength(100)
  })
})
