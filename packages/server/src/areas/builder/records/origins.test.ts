import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let admin: TestUser
let endpointId: string
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.as('superAdmin')
  const definition = { name: 'Lamps', path: '/api/lamps', method: 'GET', accessType: 'authenticated' }
  endpointId = (await ask('POST', '/api/endpoints', definition)).data.id
})
afterAll(() => server.stop())

async function ask(method: string, path: string, body?: unknown) {
  return (await createAsk(server.url)(method, path, { body, headers: admin.headers })).body
}

const callCount = async (): Promise<number> =>
  (await ask('GET', `/api/endpoints/${endpointId}`)).data.callCount

/** Calls the endpoint in one way, and answers the row that the call has left. */
async function rowAfter(call: () => Promise<unknown>) {
  const before = await callCount()
  const known = new Set((await rows()).map(({ id }) => id))
  await call()
  return until(async () => {
    server.clock.advance(1_000)
    const fresh = (await rows()).filter(({ id }) => !known.has(id))
    return (await callCount()) === before + 1 && fresh.length === 1 && fresh[0]
  })
}

async function rows(): Promise<{ id: string; [property: string]: unknown }[]> {
  return (await ask('GET', `/api/dashboard/logs?action=api_call,error&endpointId=${endpointId}&limit=200`))
    .data
}

describe('a call of an endpoint counts and is recorded once', () => {
  it('over the network', async () => {
    expect(await rowAfter(() => ask('GET', '/api/lamps'))).toMatchObject({
      source: 'direct',
      statusCode: 200,
    })
  })

  it('from the tester, and says so', async () => {
    const row = await rowAfter(() => ask('POST', `/api/endpoints/${endpointId}/test`, {}))
    expect(row).toMatchObject({
      source: 'direct',
      statusCode: 200,
      userId: admin.user.id,
      details: { origin: 'tester' },
    })
  })

  it('from an MCP tool, also when it fails', async () => {
    const params = { name: 'get_api_lamps', arguments: { params: { id: 'f'.repeat(24) } } }
    const row = await rowAfter(() =>
      ask('POST', '/api/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    )
    expect(row).toMatchObject({ action: 'error', source: 'mcp', statusCode: 404, login: admin.user.login })
  })

  it('from a cron job, as nobody', async () => {
    const job = { name: 'Look', schedule: '0 0 1 1 *', actionType: 'endpoint', endpointPath: '/api/lamps' }
    const { data } = await ask('POST', '/api/cron', { ...job, endpointMethod: 'GET' })
    const row = await rowAfter(() => ask('POST', `/api/cron/${data.id}/run`))
    expect(row).toMatchObject({ source: 'cron', statusCode: 200, userId: null })
  })

  it('and the dashboard counts each of them once, by where it came from', async () => {
    // The run of a cron job is counted when it is over, which is after its call.
    const { requests, trafficBySource } = await until(async () => {
      server.clock.advance(1_000)
      const { data } = await ask('GET', '/api/dashboard/stats')
      return data.trafficBySource.cron > 0 && data
    })
    expect(requests).toBe(4)
    expect(trafficBySource).toEqual({ direct: 2, mcp: 1, cron: 1, api_key: 0 })
  })
})
