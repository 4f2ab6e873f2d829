import { createClient } from '@holdfast/contracts/kit/client'
import { createEndpoint, deleteEndpoint, updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { logout } from '@holdfast/contracts/identity/auth'
import { createGroup, deleteGroup, getGroup } from '@holdfast/contracts/identity/groups'
import { getSettings, updateSettings } from '@holdfast/contracts/platform/settings'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** What must hold on another server "within a second". */
const soonMs = 1_000

describe('two servers on one database', () => {
  let first: TestServer
  let second: Awaited<ReturnType<TestServer['replica']>>
  beforeAll(async () => {
    first = await startTestServer()
    second = await first.replica()
  })
  afterAll(async () => {
    await second.stop()
    await first.stop()
  })

  it('a setting that is changed on one holds on the other within a second', async () => {
    const { client, headers } = await first.as('superAdmin')
    const there = createClient({ baseUrl: second.url, headers: () => headers })
    await there.call(getSettings)
    await client.call(updateSettings, { body: { rateLimitAddressMax: 777, usersPerPage: 42 } })
    await until(async () => (await there.call(getSettings)).data.settings.usersPerPage === 42, {
      timeoutMs: soonMs,
    })
    const limited = await fetch(`${second.url}/api/groups`)
    expect(limited.headers.get('x-ratelimit-limit')).toBe('777')
  })

  it('rights that are taken away on one are gone on the other within a second', async () => {
    const admin = await first.as('superAdmin')
    const person = await first.as(['view'])
    const there = createClient({ baseUrl: second.url, headers: () => person.headers })
    const { data: group } = await admin.client.call(createGroup, { body: { name: 'Probe' } })
    await there.call(getGroup, { params: { id: group.id } })
    const [own] = person.user.groupIds
    await admin.client.call(deleteGroup, { params: { id: String(typeof own === 'string' ? own : own?.id) } })
    await until(
      async () => (await fetch(`${second.url}/api/groups`, { headers: person.headers })).status === 403,
      { timeoutMs: soonMs, what: 'the right to be gone' },
    )
    expect((await fetch(`${second.url}/api/groups`, { headers: admin.headers })).status).toBe(200)
  })

  it('an endpoint that is defined, changed or deleted on one is so on the other within a second', async () => {
    const { client, headers } = await first.as('superAdmin')
    const there = () => fetch(`${second.url}/api/lamps`, { headers })
    expect((await there()).status).toBe(404)
    const { data: endpoint } = await client.call(createEndpoint, {
      body: { name: 'Lamps', path: '/api/lamps', method: 'GET', accessType: 'authenticated' },
    })
    const answers = (status: number) =>
      until(async () => (await there()).status === status, { timeoutMs: soonMs, what: `status ${status}` })
    await answers(200)
    await client.call(updateEndpoint, { params: { id: endpoint.id }, body: { enabled: false } })
    await answers(404)
    await client.call(updateEndpoint, { params: { id: endpoint.id }, body: { enabled: true } })
    await answers(200)
    await client.call(deleteEndpoint, { params: { id: endpoint.id }, query: {} })
    await answers(404)
  })

  it('a session that ends on one is refused by the other within a second', async () => {
    const person = await first.as(['view'])
    const asked = () => fetch(`${second.url}/api/groups`, { headers: person.headers })
    expect((await asked()).status).toBe(200)
    await person.client.call(logout, {})
    await until(async () => (await asked()).status === 401, { timeoutMs: soonMs, what: 'the session to end' })
  })
})

it('with two servers a schedule fires once', async () => {
  const first = await startTestServer()
  const second = await first.replica()
  const runs = async () => {
    const { rows } = await first.database.pool.query<{ runs: number }>(
      `select run_count as runs from schedules where name = 'platform.upkeep'`,
    )
    return rows[0]?.runs ?? 0
  }
  expect(await runs()).toBe(0)
  // Both clocks pass the full hour, and each of the servers looks at what is due.
  first.clock.advance(3_600_000)
  await until(async () => (await runs()) > 0)
  await second.stop()
  expect(await runs()).toBe(1)
  await first.stop()
})
