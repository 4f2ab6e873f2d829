import { type ActivityAction, activityActions } from '@holdfast/contracts/platform/activity'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword, type TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let admin: TestUser
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.as('superAdmin')
})
afterAll(() => server.stop())

/** As the administrator, unless headers of somebody else are given; throws what is no success. */
async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = admin.headers,
) {
  const answer = await createAsk(server.url)(method, path, { body, headers })
  if (answer.status >= 400) throw new Error(`${method} ${path} answered ${answer.status}.`)
  return answer.body
}

const unique = (name: string) => `${name}-${randomUUID().slice(0, 8)}`
const signIn = (password: string) =>
  createAsk(server.url)('POST', '/api/auth/login', { body: { login: admin.user.login, password } })

async function endpoint() {
  const path = `/api/${unique('things')}`
  const { data } = await ask('POST', '/api/endpoints', {
    name: 'Things',
    path,
    method: 'GET',
    accessType: 'public',
  })
  return { id: data.id as string, path }
}

async function user(): Promise<string> {
  const { data } = await ask('POST', '/api/users', { login: unique('user'), name: 'A user' })
  return data.id
}

async function document(): Promise<string> {
  const { data } = await ask('POST', '/api/database/collections/groups', {
    name: unique('group'),
    permissions: [],
  })
  return `/api/database/collections/groups/${data.id}`
}

/** A way to everything that the log can say. An action without one does not compile; one without a source fails below. */
const ways: Record<ActivityAction, () => Promise<unknown>> = {
  setup_complete: () =>
    ask('POST', '/v1/auth/bootstrap', { login: 'first', password: 'First-password-1' }, {}),
  login: () => signIn(testPassword),
  login_failed: () => signIn('Wrong-password-1'),
  logout: async () => ask('POST', '/api/auth/logout', undefined, (await server.as('user')).headers),
  register: () => {
    const login = unique('new')
    const body = { login, email: `${login}@example.com`, name: 'New', password: 'New-password-1' }
    return ask('POST', '/api/auth/register', body, {})
  },
  error: async () => {
    const { path } = await endpoint()
    return createAsk(server.url)('GET', `${path}/${'0'.repeat(24)}`)
  },
  access_denied: async () => {
    const { headers } = await server.as('user')
    return createAsk(server.url)('POST', '/api/users', {
      body: { login: 'mallory', name: 'Mallory' },
      headers,
    })
  },
  api_call: async () => ask('GET', (await endpoint()).path),
  api_key_used: async () => {
    const { data } = await ask('POST', '/api/api-keys', { name: 'Key', permissions: ['view'] })
    return ask('GET', '/api/groups', undefined, { 'x-api-key': data.key })
  },
  endpoint_create: endpoint,
  endpoint_update: async () => ask('PUT', `/api/endpoints/${(await endpoint()).id}`, { name: 'Changed' }),
  endpoint_delete: async () => ask('DELETE', `/api/endpoints/${(await endpoint()).id}`),
  user_create: user,
  user_update: async () => ask('PUT', `/api/users/${await user()}`, { name: 'Changed' }),
  user_delete: async () => ask('DELETE', `/api/users/${await user()}`),
  webhook_dispatch: async () => {
    const webhook = { name: 'Hook', url: 'https://hooks.invalid/', events: ['user.created'] }
    const { data } = await ask('POST', '/api/webhooks', webhook)
    return ask('POST', `/api/webhooks/${data.id}/test`)
  },
  cron_run: async () => {
    const job = { actionType: 'javascript', javascriptCode: 'async function run() { return 1 }' }
    const { data } = await ask('POST', '/api/cron', { name: 'Job', schedule: '0 0 1 1 *', ...job })
    return ask('POST', `/api/cron/${data.id}/run`)
  },
  mcp_call: () => {
    const params = { name: 'get_api_groups', arguments: {} }
    return ask('POST', '/api/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  },
  database_create: document,
  database_update: async () => ask('PUT', await document(), { description: 'Changed' }),
  database_delete: async () => ask('DELETE', await document()),
  logs_clear: () => ask('DELETE', '/api/settings/logs'),
}

async function rowOf(action: string) {
  return until(
    async () => {
      server.clock.advance(1_000)
      const { data } = await ask('GET', `/api/dashboard/logs?action=${action}`)
      return data[0]
    },
    { what: `a row of ${action}` },
  )
}

describe('every action of the activity log', () => {
  it.each(Object.keys(ways) as ActivityAction[])('%s is recorded when it happens', async (action) => {
    await ways[action]()
    expect(await rowOf(action)).toMatchObject({ action })
  })

  it('there is a way for each action of the catalogue', () => {
    expect(Object.keys(ways).sort()).toEqual(Object.keys(activityActions).sort())
  })
})

describe('a change', () => {
  it('is recorded with who made it, from where, and what it was', async () => {
    const { id, path } = await endpoint()
    const row = await rowOf('endpoint_create')
    expect(row).toMatchObject({
      message: `The endpoint GET ${path} was created`,
      userId: admin.user.id,
      login: admin.user.login,
      endpointId: id,
      source: 'direct',
      ip: '127.0.0.1',
      details: { name: 'Things', target: { type: 'endpoint', id } },
    })
  })

  it('that is refused is not recorded', async () => {
    await ask('DELETE', '/api/settings/logs')
    const { status } = await createAsk(server.url)('DELETE', `/api/users/${admin.user.id}`, {
      headers: admin.headers,
    })
    expect(status).toBeGreaterThanOrEqual(400)
    await rowOf('logs_clear')
    expect((await ask('GET', '/api/dashboard/logs?action=user_delete')).data).toEqual([])
  })
})
