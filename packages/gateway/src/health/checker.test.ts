import { createServer } from 'node:http'
import { once } from 'node:events'
import type { ServiceConfig } from '@holdfast/contracts/gateway/config'
import type { ServiceHealthEvent } from '@holdfast/contracts/gateway/link'
import { createTestClock } from '@holdfast/kernel/clock'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHealthChecker } from './checker.ts'
import { afterCheck, type CheckResult, unknownHealth } from './rules.ts'

const good: CheckResult = { ok: true, latencyMs: 5, problem: null }
const bad: CheckResult = { ok: false, latencyMs: 5, problem: 'refused' }
const service = (...urls: string[]): ServiceConfig => ({
  id: '0190e0c4-7a2b-7cc3-98c5-000000000001',
  name: 'orders',
  targets: urls.map((url) => ({ url, weight: 1 })),
  healthCheckPath: '/health',
  timeoutMs: 1_000,
  circuitBreaker: null,
})

describe('health of a target', () => {
  it('one and two failures degrade, three make unhealthy, one success mends', () => {
    const statuses: string[] = []
    let health = unknownHealth
    for (const result of [good, bad, bad, bad, bad, good, { ...good, latencyMs: 1_001 }]) {
      health = afterCheck(health, result)
      statuses.push(health.status)
    }
    expect(statuses).toEqual([
      'healthy',
      'degraded',
      'degraded',
      'unhealthy',
      'unhealthy',
      'healthy',
      'degraded',
    ])
  })
})

describe('health checks', () => {
  function createHarness(answers: Map<string, CheckResult>) {
    const clock = createTestClock()
    const told: ServiceHealthEvent[] = []
    const set: string[] = []
    const asked: string[] = []
    const checker = createHealthChecker({
      dataPlane: { setHealth: (_id, url, status) => set.push(`${url} ${status}`) },
      deliver: (event) => told.push(event),
      clock,
      random: () => 0.5,
      check: async (url) => {
        asked.push(url)
        return answers.get(url) ?? bad
      },
    })
    const round = async () => {
      const before = asked.length
      clock.advance(10_000)
      await until(() => asked.length > before)
      await Promise.resolve()
    }
    return { checker, told, set, asked, clock, round }
  }

  it('ask every target, tell the data plane each result and the control plane each change', async () => {
    const answers = new Map([
      ['http://a/base/health', good],
      ['http://b/health', good],
    ])
    const { checker, told, set, round } = createHarness(answers)
    checker.setService(service('http://a/base/', 'http://b'))
    await round()
    expect(set).toEqual(['http://a/base/ healthy', 'http://b healthy'])
    answers.set('http://b/health', bad)
    for (let number = 0; number < 3; number += 1) await round()
    expect(set.at(-1)).toBe('http://b unhealthy')
    expect(told.map(({ status }) => status)).toEqual(['healthy', 'degraded'])
    expect(told.at(-1)?.errorMessage).toBe('refused')
    answers.set('http://a/base/health', bad)
    for (let number = 0; number < 3; number += 1) await round()
    expect(told.map(({ status }) => status)).toEqual(['healthy', 'degraded', 'unhealthy'])
    expect(checker.summary()).toMatchObject([{ name: 'orders', status: 'unhealthy' }])
  })

  it('end with the service', async () => {
    const { checker, asked, clock, round } = createHarness(new Map())
    checker.setService(service('http://a'))
    await round()
    checker.removeService(service().id)
    const before = asked.length
    clock.advance(120_000)
    expect(asked.length).toBe(before)
    expect(checker.summary()).toEqual([])
  })

  it('tell from a real socket an answer, an error, a redirect and nobody', async () => {
    const { probe } = await import('./probe.ts')
    const server = createServer((request, response) => {
      response.writeHead(Number(request.url?.slice(1)), { location: '/elsewhere' }).end('body')
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const address = server.address()
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    expect(await probe(`${base}/200`)).toMatchObject({ ok: true, problem: null })
    expect(await probe(`${base}/302`)).toMatchObject({ ok: true })
    expect(await probe(`${base}/503`)).toMatchObject({
      ok: false,
      problem: 'The health check was answered 503.',
    })
    expect(await probe('http://127.0.0.1:1/')).toMatchObject({ ok: false })
  })
})
