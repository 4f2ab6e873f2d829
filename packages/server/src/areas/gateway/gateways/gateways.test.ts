import { createConsumer } from '@holdfast/contracts/gateway/consumers'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it } from 'vitest'
import { createModelGateway } from '../link/fixtures.ts'
import { useReporting } from '../telemetry/fixtures.ts'

describe('the status of gateways', () => {
  const { server, tenant } = useReporting()

  it('a gateway that does not read is behind, and one that is gone is not counted', async () => {
    const { client, params, gateway } = await tenant()
    const status = () => client.call(getGatewayStatus, { params })
    await until(async () => (await status()).gateways[0]?.behind === 0)
    gateway.pause()
    for (const name of ['One', 'Two'])
      await client.call(createConsumer, { params, query: {}, body: { name } })
    const late = await status()
    expect(late).toMatchObject({ tenantId: params.tenantId, online: true, behind: 1 })
    expect(late.gateways).toMatchObject([{ online: true, behind: 2, appliedRevision: late.revision - 2 }])
    gateway.disconnect()
    await until(async () => !(await status()).online)
    expect(await status()).toMatchObject({ behind: 0, gateways: [{ online: false, behind: 2 }] })
  })

  it('one whose process before ended badly says so, as long as that is the one before', async () => {
    const { client, params, apiKey } = await tenant()
    const gatewayId = crypto.randomUUID()
    for (const previousEnd of ['crash', 'stop', null] as const) {
      const gateway = createModelGateway({ url: server().url, apiKey, gatewayId, previousEnd })
      await gateway.connect()
      const { gateways } = await client.call(getGatewayStatus, { params })
      expect(gateways.find(({ id }) => id === gatewayId)?.previousEnd).toBe(previousEnd)
      gateway.disconnect()
    }
  })

  it('one that was not heard of for ninety seconds is not online, whatever its link says', async () => {
    const { client, params } = await tenant()
    const status = () => client.call(getGatewayStatus, { params })
    // What the gateway says while it connects is heard first.
    await until(async () => (await status()).gateways[0]?.behind === 0)
    await server().database.tenant({ organizationId: params.tenantId }, ({ tx }) =>
      tx
        .updateTable('gateways')
        .set({ last_seen_at: new Date(server().clock.nowMs() - 90_000).toISOString() })
        .execute(),
    )
    expect(await status()).toMatchObject({ online: false, behind: 0 })
  })
})
