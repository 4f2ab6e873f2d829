import { getConsumerStats } from '@holdfast/contracts/gateway/analytics'
import { describe, expect, it } from 'vitest'
import { dayMs, useReporting } from '../telemetry/fixtures.ts'

describe('usage of consumers', () => {
  const { tenant, at, log, metrics, stored } = useReporting()

  it('the usage of a consumer is counted exactly, and its newest requests are summed up', async () => {
    const mine = await tenant()
    const { consumerId, params, client } = mine
    mine.gateway.report({
      sequence: 1,
      metrics: [
        metrics([1], { consumers: { [consumerId]: 40 } }),
        metrics([1], { consumers: { [consumerId]: 2 } }),
        metrics([1], { at: at(3 * dayMs), consumers: { [consumerId]: 100 } }),
      ],
      logs: [
        log({ consumerId, statusCode: 429 }),
        log({ consumerId, statusCode: 500 }),
        log({ consumerId }),
        log(),
      ],
    })
    await stored(mine.gateway, 1)
    expect(await client.call(getConsumerStats, { params: { ...params, id: consumerId } })).toMatchObject({
      consumerId,
      requests: { lastHour: 42, last24Hours: 42, last7Days: 142 },
      recent: { requests: 3, limited: 1, errorRate: 1 / 3 },
      lastRequestAt: at(),
    })
  })

  it('nothing is counted that is longer ago than it says', async () => {
    const mine = await tenant()
    const { consumerId, params, client } = mine
    const used = (agoMs: number, count: number) =>
      metrics([1], { at: at(agoMs), consumers: { [consumerId]: count } })
    const minuteMs = 60_000
    mine.gateway.report({
      sequence: 1,
      metrics: [
        used(0, 1),
        used(40 * minuteMs, 10),
        used(61 * minuteMs, 100),
        used(dayMs + minuteMs, 1_000),
        used(7 * dayMs + minuteMs, 10_000),
      ],
    })
    await stored(mine.gateway, 1)
    const { requests } = await client.call(getConsumerStats, { params: { ...params, id: consumerId } })
    expect(requests).toEqual({ lastHour: 11, last24Hours: 111, last7Days: 1_111 })
  })
})
