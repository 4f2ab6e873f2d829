import { spawnSync } from 'node:child_process'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLocalScrape } from './rules.ts'

describe('metrics', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  const scrape = async (headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/metrics`, { headers })
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    }
  }
  const valueOf = (text: string, series: string) => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `))
    return line === undefined ? undefined : Number(line.slice(series.length + 1))
  }

  it('promtool accepts what is answered', async () => {
    await fetch(`${server.url}/health`)
    const { status, type, text } = await scrape()
    expect([status, type]).toEqual([200, expect.stringMatching(/^text\/plain; version=0\.0\.4/)])
    const checked = spawnSync('/usr/bin/promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', ''])
  })

  it('a broken exposition is refused by promtool, so that the check above means something', () => {
    const checked = spawnSync('/usr/bin/promtool', ['check', 'metrics'], {
      input: 'holdfast_things_total 1\n',
      encoding: 'utf8',
    })
    expect(checked.status).not.toBe(0)
  })

  it('requests are counted by route and class of status, whatever the path says', async () => {
    const series = 'holdfast_http_requests_total{route="groups.get",status="4xx"}'
    const before = valueOf((await scrape()).text, series) ?? 0
    for (const id of ['alpha', 'bravo', 'delta']) await fetch(`${server.url}/api/groups/${id}`)
    const { text } = await scrape()
    expect(valueOf(text, series)).toBe(before + 3)
    expect(
      valueOf(text, 'holdfast_http_request_duration_seconds_count{route="groups.get",status="4xx"}'),
    ).toBe(before + 3)
    expect(text).not.toMatch(/alpha|bravo|delta/)
  })

  it('what nobody routes is one series, so that a scanner cannot make thousands', async () => {
    const seriesCount = async () => (await scrape()).text.split('\n').length
    await fetch(`${server.url}/api/nothing/here`)
    const before = await seriesCount()
    for (let number = 0; number < 20; number += 1) await fetch(`${server.url}/api/nothing/${number}`)
    expect(await seriesCount()).toBe(before)
  })

  it('shows the pool, the queue, the age of events and the head of the chain', async () => {
    const person = await server.as('superAdmin')
    await createAsk(server.url)('PUT', '/api/settings', { body: {}, headers: person.headers })
    server.clock.advance(2_000)
    const { text } = await scrape()
    expect(valueOf(text, 'holdfast_database_up')).toBe(1)
    expect(valueOf(text, 'holdfast_database_pool_connections{state="idle"}')).toBeGreaterThanOrEqual(0)
    expect(valueOf(text, 'holdfast_jobs_waiting')).toBeGreaterThanOrEqual(0)
    expect(valueOf(text, 'holdfast_jobs_failed')).toBe(0)
    expect(valueOf(text, 'holdfast_events_oldest_undelivered_seconds')).toBeGreaterThanOrEqual(0)
    const { rows } = await server.database.pool.query<{ head: string }>(
      'select max(sequence)::text as head from audit_chains',
    )
    expect(valueOf(text, 'holdfast_audit_chain_head')).toBe(Number(rows[0]?.head))
    expect(Number(rows[0]?.head)).toBeGreaterThan(0)
  })

  it('a forwarded scrape needs a credential that may read the log', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.9' }
    const refused = await scrape(forwarded)
    expect([refused.status, refused.text]).toEqual([401, expect.stringContaining('auth.required')])
    const viewer = await server.as(['view'])
    expect((await scrape({ ...forwarded, ...viewer.headers })).status).toBe(403)
    const reader = await server.as(['view_logs'])
    expect((await scrape({ ...forwarded, ...reader.headers })).status).toBe(200)
  })

  it('the figures of the administrator are those of this server', async () => {
    const ask = createAsk(server.url)
    const person = await server.as('admin')
    const { status, body } = await ask('GET', '/v1/admin/metrics', { headers: person.headers })
    expect(status).toBe(200)
    expect(body.requests.total).toBeGreaterThan(0)
    expect(body.database.size_bytes).toBeGreaterThan(1_000_000)
    expect(body.process.memory_bytes).toBeGreaterThan(1_000_000)
  })

  it('log settings in 004’s words are the platform settings', async () => {
    const ask = createAsk(server.url)
    const { headers } = await server.as('superAdmin')
    const put = await ask('PUT', '/v1/admin/settings/logs', { body: { retention_days: 12 }, headers })
    expect([put.status, put.body.retention_days]).toEqual([200, 12])
    const settings = await ask('GET', '/api/settings', { headers })
    expect(settings.body.data.settings.logRetentionDays).toBe(12)
    const refused = await ask('PUT', '/v1/admin/settings/logs', { body: { retention_days: 0 }, headers })
    expect(refused.status).toBe(400)
    expect((await ask('GET', '/v1/admin/settings/logs', { headers })).body).toMatchObject({
      retention_days: 12,
      page_size: 50,
    })
  })
})

it('without its database the server still answers a scrape, and says so', async () => {
  const server = await startTestServer()
  const { rows } = await server.database.pool.query<{ name: string }>('select current_database() as name')
  await server.database.pool.query(`alter database "${rows[0]?.name}" connection limit 0`)
  const client = await server.database.pool.connect()
  const others = 'datname = current_database() and pid <> pg_backend_pid()'
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)
  client.release(true)
  await until(async () => (await fetch(`${server.url}/ready`)).status === 503)
  const text = await (await fetch(`${server.url}/metrics`)).text()
  expect(text).toMatch(/^holdfast_database_up 0$/m)
  expect(text).not.toMatch(/^holdfast_jobs_waiting \d/m)
  await server.stop()
})

it('only what comes straight from this machine is local', () => {
  const local = { ip: '127.0.0.1', headers: {}, isBehindProxy: false }
  expect(isLocalScrape(local)).toBe(true)
  expect(isLocalScrape({ ...local, ip: '::1' })).toBe(true)
  expect(isLocalScrape({ ...local, ip: '10.0.0.1' })).toBe(false)
  expect(isLocalScrape({ ...local, ip: null })).toBe(false)
  expect(isLocalScrape({ ...local, isBehindProxy: true })).toBe(false)
  expect(isLocalScrape({ ...local, headers: { forwarded: 'for=1.2.3.4' } })).toBe(false)
})
