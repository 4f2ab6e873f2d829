import { testEndpoint } from '@holdfast/contracts/builder/endpoint-tools'
import { createEndpoint, listEndpoints } from '@holdfast/contracts/builder/endpoints'
import { listActivity } from '@holdfast/contracts/platform/activity'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('the tester', () => {
  let server: TestServer
  let admin: Awaited<ReturnType<TestServer['as']>>
  beforeAll(async () => {
    server = await startTestServer({ HOLDFAST_TRUSTED_PROXIES: '1' })
    admin = await server.as('superAdmin')
  })
  afterAll(() => server.stop())

  let count = 0
  async function define(method: 'GET' | 'POST', more: object = {}) {
    const path = `/api/tested${(count += 1)}`
    const body = { name: path, path, method, accessType: 'public' as const, schema: [], ...more }
    return (await admin.client.call(createEndpoint, { body })).data
  }

  /** The id of one of the product's own routes. */
  async function systemEndpoint(method: string, path: string): Promise<string> {
    const { data } = await admin.client.call(listEndpoints, { query: { system: 'true', limit: 500 } })
    const found = data.find((endpoint) => endpoint.method === method && endpoint.path === path)
    if (found === undefined) throw new Error(`${method} ${path} is not listed.`)
    return found.id
  }

  const tried = async (who: typeof admin, id: string, body: object) =>
    (await who.client.call(testEndpoint, { params: { id }, body })).data.response

  it('is no way around network rules for whoever cannot edit them, and pretends no address for them', async () => {
    const networkAccess = { enabled: true, allowedDomains: [], allowedIpRanges: ['10.0.0.0/8'] }
    const { id } = await define('POST', { networkAccess })
    const outsider = await server.as('user')
    const ways = [{}, { clientIp: '10.1.2.3' }, { clientIp: '10.1.2.3', applyNetworkAccess: true }]
    const statuses = await Promise.all(ways.map((way) => tried(outsider, id, { ...way, body: { a: 1 } })))
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403])
    expect((await tried(admin, id, { body: { a: 1 } })).statusCode).toBe(201)
  })

  it('counts a caller who cannot edit the endpoint in their own window', async () => {
    const { id } = await define('GET', { rateLimit: { requestsMax: 1, windowSeconds: 60 } })
    const outsider = await server.as('user')
    expect((await tried(outsider, id, { clientIp: '10.1.2.3' })).statusCode).toBe(200)
    expect((await tried(outsider, id, { clientIp: '10.1.2.4' })).statusCode).toBe(429)
  })

  it('refuses what answers with a stream instead of collecting it for ever', async () => {
    const id = await systemEndpoint('GET', '/api/dashboard/logs/live')
    expect(await tried(admin, id, {})).toMatchObject({
      statusCode: 400,
      body: { code: 'request.stream_uncollectable' },
    })
    const other = await systemEndpoint('GET', '/api/groups')
    const roundabout = await tried(admin, other, { path: '/api/dashboard/logs/live' })
    expect(roundabout.body).toMatchObject({ code: 'request.stream_uncollectable' })
    expect((await tried(admin, other, {})).statusCode).toBe(200)
  })

  it('believes no address that its caller writes into a header', async () => {
    const id = await systemEndpoint('POST', '/api/groups')
    const headers = { 'X-Forwarded-For': '203.0.113.77', Forwarded: 'for=203.0.113.77' }
    const made = await tried(admin, id, { headers, body: { name: 'From here' } })
    expect(made.statusCode).toBe(201)
    const entry = await server.database.kysely
      .selectFrom('audit_entries')
      .select('ip')
      .where('action', '=', 'group.created')
      .orderBy('sequence', 'desc')
      .executeTakeFirstOrThrow()
    expect(entry.ip).toBe('127.0.0.1')
  })

  it('leaves a line in the activity log for a change that it made, with who made it', async () => {
    const endpoint = await define('POST')
    const editor = await server.as('editor')
    expect((await tried(editor, endpoint.id, { body: { a: 1 } })).statusCode).toBe(201)
    const row = await until(async () => {
      server.clock.advance(1_000)
      const { data } = await admin.client.call(listActivity, { query: { endpointId: endpoint.id } })
      return data[0]
    })
    expect(row).toMatchObject({
      action: 'api_call',
      source: 'direct',
      userId: editor.user.id,
      message: `POST ${endpoint.path} 201`,
      details: { origin: 'tester' },
    })
  })
})
