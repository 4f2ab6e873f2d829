import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('health', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  const ask = async (path: string) => {
    const response = await fetch(server.url + path)
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    }
  }

  it('the probes answer as the references write them, without a credential and without a limit', async () => {
    const at = { timestamp: expect.any(String), version: expect.any(String) }
    expect((await ask('/health')).body).toEqual({ status: 'healthy', ...at })
    expect((await ask('/health/live')).body).toEqual({ status: 'healthy', ...at })
    expect((await ask('/api/health')).body).toEqual({ success: true, status: 'ok', ...at })
    expect((await ask('/ready')).body).toMatchObject({ status: 'ready' })
    expect((await ask('/health/ready')).headers.get('x-ratelimit-limit')).toBeNull()
  })

  it('the report shows every check and names no place', async () => {
    const { status, body } = await ask('/health/detailed')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      checks: {
        database: { status: 'pass' },
        migrations: { status: 'pass' },
        jobs: { status: 'pass', waiting: 0, failed: 0 },
        events: { status: 'pass', oldestUndeliveredSeconds: 0 },
        activity: { status: 'pass', dropped: 0 },
        disk: { freePercent: expect.any(Number) },
      },
    })
    expect(JSON.stringify(body)).not.toMatch(/\/|postgres|holdfast|localhost/)
  })
})

it('without its database the server is alive, not ready, and says when to ask again', async () => {
  const server = await startTestServer()
  const { rows } = await server.database.pool.query<{ name: string }>('select current_database() as name')
  await server.database.pool.query(`alter database "${rows[0]?.name}" connection limit 0`)
  const client = await server.database.pool.connect()
  const others = 'datname = current_database() and pid <> pg_backend_pid()'
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)
  client.release(true)
  await until(async () => (await fetch(`${server.url}/ready`)).status === 503)
  const [live, ready, report] = await Promise.all(
    ['/health/live', '/ready', '/health/detailed'].map((path) => fetch(server.url + path)),
  )
  expect([live?.status, ready?.status, report?.status]).toEqual([200, 503, 503])
  expect(Number(ready?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await report?.json()).toMatchObject({
    status: 'unhealthy',
    checks: { database: { status: 'fail' } },
  })
  await server.stop()
})
