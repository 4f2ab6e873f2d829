import { spawnSync } from 'node:child_process'
import { bucketOf } from '@holdfast/contracts/gateway/histogram'
import { describe, expect, it } from 'vitest'
import { exposition } from './exposition.ts'
import { metricFamilies, type MetricsFacts } from './metrics.ts'
import { type Condition, health, isReady } from './pages.ts'

const link = { phase: 'connected', since: new Date(0), attempts: 1, problem: null } as const
const facts: MetricsFacts = {
  version: '1.2.3',
  totals: {
    requests: 3,
    errors: 1,
    refused: 0,
    latency: new Map([
      [bucketOf(3), 2],
      [bucketOf(40_000), 1],
    ]),
    statusClasses: new Map([['2xx', 3]]),
  },
  dataPlane: { revision: 7, threads: 2, connections: 4, requestsInFlight: 1, forgottenCounts: 2 },
  configuration: { revision: 7, source: 'live' },
  link,
  shipper: { bufferedEvents: 5, droppedEvents: 6, deliveredBatches: 8 },
  services: [{ id: 'a', name: 'or"de\\rs\n', status: 'degraded' }],
  process: { residentBytes: 1e8, heapUsedBytes: 5e7, cpuSeconds: 1.5, startedAtSeconds: 1.7e9 },
}

describe('/metrics', () => {
  const text = exposition(metricFamilies(facts))

  it('tells what is counted, in Prometheus text', () => {
    expect(text).toContain('holdfast_gateway_responses_total{class="2xx"} 3\n')
    expect(text).toContain('holdfast_gateway_config_revision 7\n')
    expect(text).toContain('holdfast_gateway_limit_counts_forgotten_total 2\n')
    expect(text).toContain('holdfast_gateway_telemetry_dropped_events_total 6\n')
    expect(text).toContain('service="a",name="or\\"de\\\\rs\\n",status="degraded"} 1\n')
    expect(text.endsWith('\n')).toBe(true)
  })

  it('promtool accepts it, whatever services are called', () => {
    const checked = spawnSync('/usr/bin/promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', ''])
  })

  it('its histogram rises from bound to bound up to the count', () => {
    const counts = [...text.matchAll(/duration_seconds_bucket\{le="([^"]+)"\} (\d+)/g)]
    const values = counts.map(([, , value]) => Number(value))
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    expect(counts.at(-1)?.slice(1)).toEqual(['+Inf', '3'])
    expect(text).toContain('holdfast_gateway_request_duration_seconds_bucket{le="0.005"} 2\n')
    expect(text).toContain('holdfast_gateway_request_duration_seconds_count 3\n')
  })
})

describe('/health', () => {
  const well: Condition = {
    configSource: 'cache',
    configVersion: 7,
    withdrawn: null,
    stopping: false,
    gatewayId: 'g',
    version: '1',
    link,
    diskProblem: null,
    endedBadly: false,
  }

  it('is 200 with any configuration, 503 without one and when withdrawn', () => {
    expect(health(well)).toMatchObject({ status: 200, body: { status: 'ok', configSource: 'cache' } })
    expect(health({ ...well, configSource: 'none', configVersion: null }).status).toBe(503)
    expect(health({ ...well, withdrawn: 'Revoked.' })).toMatchObject({
      status: 503,
      body: { status: 'withdrawn', withdrawn: 'Revoked.' },
    })
  })

  it('a gateway that is stopping is not ready, but well', () => {
    expect(isReady(well)).toBe(true)
    expect(isReady({ ...well, stopping: true })).toBe(false)
    expect(health({ ...well, stopping: true }).status).toBe(200)
  })
})
