import { listErrors, listMetrics } from '@holdfast/contracts/gateway/analytics'
import { getGatewayStatus } from '@holdfast/contracts/gateway/gateways'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it } from 'vitest'
import { systemContext } from '../../../context.ts'
import { dayMs, useReporting } from './fixtures.ts'
import { createTelemetryRepo } from './repo.ts'
import { createTelemetry } from './service.ts'

describe('telemetry of gateways', () => {
  const { server, tenant, at, log, failure, metrics, stored } = useReporting()

  it('a batch is stored, acknowledged and shown, and another tenant sees nothing of it', async () => {
    const mine = await tenant()
    const theirs = await tenant()
    const { gateway, serviceId, consumerId } = mine
    const one = log({ serviceId, consumerId, path: '/things?token=secret' })
    gateway.report({ sequence: 1, logs: [one] })
    await stored(gateway, 1)
    const { at: timestamp, ...event } = one
    expect(await mine.logs()).toEqual([
      { ...event, timestamp, path: '/things', gatewayId: gateway.gatewayId, downstreamService: 'Shop' },
    ])
    expect(await theirs.logs()).toEqual([])
  })

  it('what comes again after a break is acknowledged and stored once', async () => {
    const mine = await tenant()
    const { gateway } = mine
    const batch = { sequence: 1, dropped: 3, logs: [log()], metrics: [metrics([5, 5])] }
    gateway.report(batch)
    await stored(gateway, 1)
    gateway.disconnect()
    gateway.telemetryAcks.length = 0
    await gateway.connect()
    gateway.report(batch)
    gateway.report({ sequence: 2, logs: [log()] })
    gateway.report({ sequence: 2, logs: [log()] })
    await stored(gateway, 2)
    await until(() => gateway.telemetryAcks.length === 3)
    expect(gateway.telemetryAcks).toEqual([1, 2, 2])
    expect(await mine.logs()).toHaveLength(2)
    const [slot] = await mine.client.call(listMetrics, { params: mine.params, query: { period: '24h' } })
    expect(slot?.requests).toBe(2)
    const { gateways } = await mine.client.call(getGatewayStatus, { params: mine.params })
    expect(gateways[0]?.droppedEvents).toBe(3)
  })

  it('an event that is not valid costs no other, and is counted as dropped', async () => {
    const mine = await tenant()
    const { gateway } = mine
    const bad = [{ ...log(), id: 'none' }, 7, null, { ...log(), at: 'yesterday' }]
    const long = log({
      path: `/${'x'.repeat(5_000)}`,
      userAgent: 'zero \0 half \uD800',
      responseTimeMs: 1e300,
    })
    gateway.send('telemetry', {
      sequence: 1,
      dropped: 0,
      logs: [...bad, long, { ...log(), unheardOf: true }],
      errors: ['x'],
      health: [{}],
      metrics: [{ at: at() }],
    })
    await stored(gateway, 1)
    const rows = await mine.logs()
    expect(rows).toHaveLength(2)
    expect(rows.find(({ id }) => id === long.id)).toMatchObject({
      userAgent: 'zero \uFFFD half \uFFFD',
      responseTimeMs: 3_600_000,
    })
    expect(rows.find(({ id }) => id === long.id)?.path).toHaveLength(2_000)
    const { gateways } = await mine.client.call(getGatewayStatus, { params: mine.params })
    expect(gateways[0]?.droppedEvents).toBe(7)
  })

  it('a clock that runs ahead is not believed, and what is older than what is kept is dropped', async () => {
    const mine = await tenant()
    mine.gateway.report({
      sequence: 1,
      logs: [log({ at: '9999-01-01T00:00:00.000Z' }), log({ at: '1970-01-01T00:00:00.000Z' })],
    })
    await stored(mine.gateway, 1)
    expect((await mine.logs()).map(({ timestamp }) => timestamp)).toEqual([at()])
  })

  it('retention drops whole days, of all tenants', async () => {
    const mine = await tenant()
    mine.gateway.report({
      sequence: 1,
      logs: [log({ at: at(5 * dayMs), requestId: 'old' }), log({ requestId: 'new' })],
      errors: [failure({ at: at(5 * dayMs) })],
    })
    await stored(mine.gateway, 1)
    const settings = { current: () => ({ gatewayLogRetentionDays: 2 }) }
    const { database, clock } = server()
    const telemetry = createTelemetry({ repo: createTelemetryRepo(database), database, settings, clock })
    await telemetry.maintain(systemContext('test'))
    expect((await mine.logs()).map(({ requestId }) => requestId)).toEqual(['new'])
    expect(await mine.client.call(listErrors, { params: mine.params, query: {} })).toEqual([])
    // The server that runs still knows the day that is gone, and makes it again.
    mine.gateway.report({ sequence: 2, logs: [log({ at: at(5 * dayMs), requestId: 'late' })] })
    await stored(mine.gateway, 2)
    expect((await mine.logs()).map(({ requestId }) => requestId)).toEqual(['new', 'late'])
  })
})
