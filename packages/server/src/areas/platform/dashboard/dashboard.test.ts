import { getDashboardStats, getDashboardSystem } from '@holdfast/contracts/platform/dashboard'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chartsOf, outcomesOf } from './rules.ts'

const days = ['2026-01-01', '2026-01-02']

describe('the charts', () => {
  it('every day has a value, also one on which nothing happened', () => {
    const row = { action: 'api_call', source: 'direct', calls: 3, errors: 0 }
    const charts = chartsOf(days, [{ day: '2026-01-02', ...row }])
    expect(charts.requestsOverTime).toEqual([
      { date: '2026-01-01', count: 0 },
      { date: '2026-01-02', count: 3 },
    ])
    expect(outcomesOf(days, [{ day: '2026-01-01', success: 2, error: 1 }])).toEqual([
      { date: '2026-01-01', success: 2, error: 1 },
      { date: '2026-01-02', success: 0, error: 0 },
    ])
  })

  it('requests are calls of endpoints, errors those that failed; other actions are neither', () => {
    const day = '2026-01-01'
    const charts = chartsOf(days, [
      { day, action: 'api_call', source: 'direct', calls: 10, errors: 0 },
      { day, action: 'error', source: 'api_key', calls: 4, errors: 3 },
      { day, action: 'login', source: 'direct', calls: 5, errors: 0 },
      { day, action: 'login_failed', source: 'direct', calls: 6, errors: 6 },
      { day, action: 'cron_run', source: 'cron', calls: 7, errors: 1 },
      { day, action: 'api_call', source: 'cron', calls: 5, errors: 0 },
    ])
    expect(charts).toMatchObject({ requests: 19, errors: 3 })
    expect(charts.loginsOverTime[0]).toEqual({ date: day, count: 5 })
    expect(charts.trafficBySource).toEqual({ direct: 10, mcp: 0, cron: 7, api_key: 4 })
    expect(charts.trafficBySourceOverTime[1]).toEqual({
      date: '2026-01-02',
      direct: 0,
      mcp: 0,
      cron: 0,
      api_key: 0,
    })
  })
})

describe('the dashboard', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  it('shows what happened, to whoever may view', async () => {
    const { call } = (await server.as(['view'])).client
    const before = (await call(getDashboardStats)).data
    const insert = server.database.kysely
    await insert
      .insertInto('cron_daily')
      .values({ day: today(server), success: 4, error: 1 })
      .execute()
    await insert
      .insertInto('activity_hours')
      .values({
        hour: server.clock.now().toISOString(),
        action: 'error',
        source: 'direct',
        calls: 9,
        errors: 2,
      })
      .execute()
    const { data } = await call(getDashboardStats)
    expect(data.users).toBeGreaterThan(0)
    expect(data.mcpTools).toBeGreaterThan(0)
    expect(data.requests - before.requests).toBe(9)
    expect(data.errors - before.errors).toBe(2)
    expect(data.requestsOverTime).toHaveLength(7)
    expect(data.requestsOverTime.at(-1)).toEqual({ date: today(server), count: data.requests })
    expect(data.cronRunsOverTime.at(-1)).toEqual({ date: today(server), success: 4, error: 1 })
    expect(data.automationHealth).toEqual({ cronErrors: [], webhookErrors: [], unusedApiKeys: [] })
  })

  it('names what needs attention, without what an address may hide', async () => {
    const { call } = (await server.as(['view'])).client
    const at = server.clock.now().toISOString()
    const id = '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e'
    await server.database.pool.query(
      `insert into webhooks (id, name, url, events, enabled, ordered, secret_sealed, header_names, headers_sealed,
        last_status, created_at, updated_at)
       values ($1, 'shop', 'https://me:pass@hooks.example.com/services/T0/secret?token=1', '{}', false, false, 's', '{}', 'h', 'error', $2, $2)`,
      [id, at],
    )
    const { data } = await call(getDashboardStats)
    expect(data).toMatchObject({ webhooks: 1, webhooksEnabled: 0 })
    expect(data.automationHealth.webhookErrors).toEqual([
      { id, name: 'shop', url: 'https://hooks.example.com' },
    ])
  })

  it('describes the machine', async () => {
    const { call } = (await server.as(['view'])).client
    const { data } = await call(getDashboardSystem)
    expect(data.nodeVersion).toBe(process.version)
    expect(data.usedMemory + data.freeMemory).toBe(data.totalMemory)
    expect(data.disk.total).toBeGreaterThan(data.disk.free)
    expect(data.loadAverage).toHaveLength(3)
    expect(data).toMatchObject({ cronJobsActive: 0, cronJobsTotal: 0, environment: 'production' })
  })
})

function today(server: TestServer): string {
  return server.clock.now().toISOString().slice(0, 10)
}
