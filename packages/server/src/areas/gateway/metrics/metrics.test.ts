import { listMetrics } from '@holdfast/contracts/gateway/analytics'
import { describe, expect, it } from 'vitest'
import { createModelGateway } from '../link/fixtures.ts'
import { dayMs, useReporting } from '../telemetry/fixtures.ts'

describe('metrics of gateways', () => {
  const { server, tenant, at, metrics, stored } = useReporting()

  it('metrics of two gateways are added up, and a percentile is that of all requests together', async () => {
    const mine = await tenant()
    const other = createModelGateway({ url: server().url, apiKey: mine.apiKey })
    await other.connect()
    // Ten seconds that are over, so that their rate is that of all ten.
    const slot = new Date(Math.floor((server().clock.nowMs() - 20_000) / 10_000) * 10_000).toISOString()
    mine.gateway.report({
      sequence: 1,
      metrics: [
        metrics(
          Array.from({ length: 90 }, () => 10),
          { at: slot },
        ),
      ],
    })
    other.report({
      sequence: 1,
      metrics: [
        metrics(
          Array.from({ length: 10 }, () => 1_000),
          { at: slot, errors: 5 },
        ),
      ],
    })
    await Promise.all([stored(mine.gateway, 1), stored(other, 1)])
    for (const period of ['1h', '24h', '7d'] as const) {
      const slots = await mine.client.call(listMetrics, { params: mine.params, query: { period } })
      expect(slots).toHaveLength(1)
      const [all] = slots
      expect(all).toMatchObject({ requests: 100, errorRate: 0.05 })
      expect(all?.p50Ms).toBeGreaterThan(9)
      expect(all?.p50Ms).toBeLessThan(11)
      expect(all?.p95Ms).toBeGreaterThan(900)
      expect(all?.p99Ms).toBeLessThan(1_100)
    }
    const [slotOfTen] = await mine.client.call(listMetrics, { params: mine.params, query: { period: '1h' } })
    expect(slotOfTen?.rps).toBe(10)
    const refused = await fetch(`${server().url}/api/tenants/${mine.params.tenantId}/metrics?period=2h`, {
      headers: mine.headers,
    })
    expect(refused.status).toBe(400)
  })

  it('finer slots are forgotten sooner than coarse ones', async () => {
    const mine = await tenant()
    mine.gateway.report({
      sequence: 1,
      metrics: [metrics([1], { at: at(3 * 3_600_000) }), metrics([1], { at: at(2 * dayMs) })],
    })
    await stored(mine.gateway, 1)
    const slots = await server().database.tenant({ organizationId: mine.params.tenantId }, ({ tx }) =>
      tx.selectFrom('gateway_metrics').select('slot_seconds').orderBy('slot_seconds').execute(),
    )
    expect(slots.map(({ slot_seconds: seconds }) => seconds)).toEqual([60, 3_600, 3_600])
  })
})
