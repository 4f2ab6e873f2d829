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
})
