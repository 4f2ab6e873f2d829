import { createClient } from '@holdfast/contracts/kit/client'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { createTenantActions, startUpstream, type Tenant, type Upstream } from './gateway-tenant.ts'
import { until } from './running-server.ts'

describe('two control planes on one database, gateways on both', () => {
  let first: TestServer
  let second: Awaited<ReturnType<TestServer['replica']>>
  let here: Tenant
  let there: Tenant
  let upstream: Upstream
  const gateways: GatewayProcess[] = []

  beforeAll(async () => {
    first = await startTestServer()
    second = await first.replica()
    const owner = await first.as('superAdmin')
    const { tenantId } = owner
    here = createTenantActions(owner.client, tenantId)
    there = createTenantActions(createClient({ baseUrl: second.url, headers: () => owner.headers }), tenantId)
    upstream = await startUpstream()
    await here.open('/shop', upstream.url)
    for (const { url } of [first, second, second]) {
      const { key } = await here.gatewayKey('Replica')
      const gateway = await startGatewayProcess({ server: url, key })
      gateways.push(gateway)
      await gateway.live()
    }
  })
  afterAll(async () => {
    for (const gateway of gateways) await gateway.remove()
    upstream.stop()
    await second.stop()
    await first.stop()
  })

  const answers = (apiKey: string) =>
    Promise.all(
      gateways.map(async (gateway) => {
        const response = await fetch(`${gateway.url()}/shop`, { headers: { 'x-api-key': apiKey } })
        await response.text()
        return response.status
      }),
    )

  it('a change on either reaches the gateways of both, a revocation too', { timeout: 120_000 }, async () => {
    for (const side of [here, there]) {
      const consumer = await side.consumer('Either')
      await until(async () => (await answers(consumer.apiKey)).every((status) => status === 200))
      await consumer.revoke()
      await until(async () => (await answers(consumer.apiKey)).every((status) => status === 401))
    }
    expect(await Promise.all(gateways.map(async (gateway) => (await gateway.health()).status))).toEqual([
      'ok',
      'ok',
      'ok',
    ])
  })

  it('a gateway key that is revoked on one ends the gateway of the other', { timeout: 120_000 }, async () => {
    const { key, revoke } = await here.gatewayKey('Short')
    const gateway = await startGatewayProcess({ server: second.url, key })
    try {
      await gateway.live()
      await revoke()
      await until(async () => (await gateway.health()).status === 'withdrawn')
      expect((await fetch(`${gateway.url()}/shop`)).status).toBe(503)
    } finally {
      await gateway.remove()
    }
  })
})
