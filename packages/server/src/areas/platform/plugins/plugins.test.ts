import { createHmac } from 'node:crypto'
import { createAsk } from '@holdfast/testkit/ask'
import { type Receiver, startReceiver } from '@holdfast/testkit/receiver'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

let server: TestServer
let receiver: Receiver
let ask: ReturnType<typeof createAsk>
let headers: Record<string, string>
let names = 0
beforeAll(async () => {
  receiver = await startReceiver()
  server = await startTestServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  ask = createAsk(server.url)
})
afterAll(async () => {
  await server.stop()
  await receiver.stop()
})
beforeEach(async () => {
  headers = (await server.as('superAdmin')).headers
})

const version = '1.0.0'
const as = (token: string) => ({ authorization: `Bearer ${token}` })
const send = (method: string, path: string, body?: object) =>
  ask(method, `/api/plugins${path}`, { headers, ...(body && { body }) })

async function register(manifest: object = {}) {
  const { status, body } = await send('POST', '', { name: `Plugin ${++names}`, version, ...manifest })
  expect([status, body.error]).toEqual([201, undefined])
  const { plugin_id: id, token, signing_secret: secret } = body.data as Record<string, string>
  return { id: id ?? '', token: token ?? '', secret: secret ?? '' }
}
const beat = (plugin: { id: string; token: string }, body: object = {}) =>
  ask('POST', `/api/plugins/${plugin.id}/heartbeat`, { headers: as(plugin.token), body })
const shown = async (id: string) => (await send('GET', `/${id}`)).body.data
const eventsOf = async (type: string, id: string) =>
  (
    await server.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('type', '=', type)
      .orderBy('id')
      .execute()
  ).filter(({ data }) => JSON.stringify(data).includes(`"${id}"`))

describe('registering', () => {
  it('takes a name and a version alone, and shows token and signing secret once', async () => {
    const { status, body } = await send('POST', '', { name: 'Großer Zähler 2', version: '0.3.1' })
    expect([status, body.data.status, body.data.plugin_id]).toEqual([201, 'registered', 'gro-er-zahler-2'])
    const list = await send('GET', '')
    expect(list.body.data.total).toBe(list.body.data.plugins.length)
    const plugin = await shown('gro-er-zahler-2')
    expect(plugin).toMatchObject({ status: 'registered', health: 'unknown', has_token: true, scopes: [] })
    const rows = await server.database.pool.query('select * from api_tokens, plugins')
    const seen = JSON.stringify([
      list.body,
      plugin,
      rows.rows,
      (await ask('GET', '/api/audit', { headers })).body,
    ])
    expect(seen).not.toContain(body.data.token)
    expect(seen).not.toContain(body.data.signing_secret)
  })

  it.each([
    [{ name: '…' }, 'body.id'],
    [{ version: 'one' }, 'body.version'],
    [{ id: 'No Spaces' }, 'body.id'],
    [{ events: ['user.*'] }, 'body.url'],
    [{ events: ['nobody.knows'] }, 'body.events.0'],
    [{ scopes: ['all'] }, 'body.scopes.0'],
    [{ hooks: [{ when: 'before', endpoint: '/api/x', operations: ['create'] }] }, 'body.hooks.0.url'],
    [{ url: 'https://elsewhere.example', allowed_domains: ['shop.example'] }, 'body.url'],
    [{ url: 'ftp://shop.example' }, 'body.url'],
    [{ health_check: 'http://10.0.0.1/' }, 'body.health_check'],
  ])('refuses %j at its field, and nothing is left of it', async (manifest, path) => {
    const before = (await send('GET', '')).body.data.total
    const answer = await send('POST', '', { name: 'Refused', version, ...manifest })
    expect([answer.status, answer.body.details?.[0]?.path]).toEqual([400, path])
    expect((await send('GET', '')).body.data.total).toBe(before)
    expect(await eventsOf('plugin.registered', 'refused')).toEqual([])
  })
})

describe('the token of a plugin', () => {
  it('does exactly what its scopes name, and nothing else that is open to whoever signed in', async () => {
    const { token } = await register({ scopes: ['users:read'] })
    const statuses = await Promise.all([
      ask('GET', '/api/users', { headers: as(token) }),
      ask('POST', '/api/users', { headers: as(token), body: { username: 'x' } }),
      ask('GET', '/api/plugins', { headers: as(token) }),
      ask('GET', '/api/auth/me', { headers: as(token) }),
      ask('GET', '/api/tokens', { headers: as(token) }),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([200, 403, 403, 403, 403])
  })

  it('has no scopes while the plugin is disabled, new ones when the manifest changes, and ends with it', async () => {
    const plugin = await register({ scopes: ['users:read'] })
    const users = async () => (await ask('GET', '/api/users', { headers: as(plugin.token) })).status
    expect(await users()).toBe(200)
    await send('POST', `/${plugin.id}/disable`)
    await until(async () => (await users()) === 403, { what: 'the scopes to end' })
    expect((await beat(plugin)).body.data.status).toBe('inactive')
    await send('POST', `/${plugin.id}/enable`)
    await until(async () => (await users()) === 200, { what: 'the scopes to come back' })
    await send('PUT', `/${plugin.id}`, { scopes: [] })
    await until(async () => (await users()) === 403, { what: 'the narrower scopes' })
    await send('DELETE', `/${plugin.id}`)
    await until(async () => (await users()) === 401, { what: 'the token to end' })
  })

  it('is replaced by a new one, and the old one ends at once', async () => {
    const plugin = await register()
    expect((await beat(plugin)).status).toBe(200)
    const { data } = (await send('POST', `/${plugin.id}/rotate-token`)).body
    await until(async () => (await beat(plugin)).status === 401, { what: 'the old token to end' })
    expect((await beat({ ...plugin, token: data.token })).status).toBe(200)
  })

  it('works on beside the new one for as long as was asked', async () => {
    const plugin = await register()
    const path = `/${plugin.id}/rotate-token`
    const { data } = (await send('POST', path, { overlap_seconds: 120 })).body
    expect((await beat(plugin)).status).toBe(200)
    expect((await beat({ ...plugin, token: data.token })).status).toBe(200)
    server.clock.advance(120_000)
    expect((await beat(plugin)).status).toBe(401)
    expect((await beat({ ...plugin, token: data.token })).status).toBe(200)
  })

  it('is worth nothing for another plugin', async () => {
    const [one, other] = [await register(), await register()]
    expect((await beat({ id: other.id, token: one.token })).body.code).toBe('plugins.not_found')
    const config = await ask('GET', `/api/plugins/${other.id}/config`, { headers: as(one.token) })
    expect(config.status).toBe(404)
    expect((await shown(other.id)).last_heartbeat_at).toBeNull()
  })
})

describe('health', () => {
  it('begins with the first heartbeat, ends with silence, and every change is told once', async () => {
    const plugin = await register({ heartbeat_seconds: 60 })
    const { data } = (await beat(plugin)).body
    expect(data).toEqual({ status: 'active', config_version: 0, next_heartbeat_seconds: 60 })
    expect(await shown(plugin.id)).toMatchObject({ status: 'active', health: 'healthy' })
    await beat(plugin, { status: 'degraded', message: 'The queue is long.' })
    expect(await shown(plugin.id)).toMatchObject({
      status: 'active',
      health: 'degraded',
      health_message: 'The queue is long.',
    })
    server.clock.advance(181_000)
    headers = (await server.as('superAdmin')).headers
    await send('POST', `/${plugin.id}/check`)
    await send('POST', `/${plugin.id}/check`)
    expect(await shown(plugin.id)).toMatchObject({ status: 'unhealthy', health: 'unhealthy' })
    const told = (await eventsOf('plugin.health_changed', plugin.id)).map(({ data: facts }) => facts)
    expect(told).toMatchObject([{ health: 'healthy' }, { health: 'degraded' }, { health: 'unhealthy' }])
    const notes = (await ask('GET', '/api/notifications', { headers })).body.data as { link: string }[]
    expect(notes.filter(({ link }) => link === `/admin/plugins/${plugin.id}`)).toHaveLength(1)
    await beat(plugin)
    expect((await shown(plugin.id)).status).toBe('active')
    await beat(plugin, { status: 'error', message: 'The disk is full.' })
    expect(await shown(plugin.id)).toMatchObject({ status: 'error', health_message: 'The disk is full.' })
  })

  it('is asked of the health check every minute, of plugins that send no heartbeat too', async () => {
    const url = receiver.url
    receiver.answer(500)
    const { id } = await register({ health_check: url })
    server.clock.advance(60_000)
    headers = (await server.as('superAdmin')).headers
    await until(async () => (await shown(id)).health === 'unhealthy', { what: 'the check' })
    expect((await shown(id)).health_message).toBe('Its health check answered 500.')
    receiver.answer(200)
    expect((await send('POST', `/${id}/check`)).body.data).toMatchObject({
      health: 'healthy',
      health_message: null,
    })
  })
})

describe('subscriptions', () => {
  it('are a webhook of the plugin, signed with its secret: open while it is active, gone with it', async () => {
    receiver.answer(200)
    const plugin = await register({ url: receiver.url, events: ['user.*', 'group.created'] })
    const webhook = async () =>
      (await ask('GET', '/api/webhooks', { headers })).body.data.find(
        (one: { pluginId: string | null }) => one.pluginId === plugin.id,
      )
    expect((await webhook()).enabled).toBe(false)
    await beat(plugin)
    expect(await webhook()).toMatchObject({
      enabled: true,
      url: receiver.url,
      events: ['user.*', 'group.created'],
    })
    const before = receiver.received.length
    await ask('POST', '/api/groups', { headers, body: { name: `Group ${plugin.id}`, permissions: [] } })
    // Health checks of others, and users made before, may come to the same address.
    const request = await until(
      () => receiver.received.slice(before).find(({ body }) => body.includes('"group.created"')),
      { what: 'the event' },
    )
    const sent = JSON.parse(request.body)
    expect([sent.event, sent.data.name]).toEqual(['group.created', `Group ${plugin.id}`])
    const signed = `${String(request.headers['x-webhook-timestamp'])}.${request.body}`
    expect(request.headers['x-webhook-signature-256']).toBe(
      `sha256=${createHmac('sha256', plugin.secret).update(signed).digest('hex')}`,
    )
    await send('POST', `/${plugin.id}/disable`)
    expect((await webhook()).enabled).toBe(false)
    await send('DELETE', `/${plugin.id}`)
    expect(await webhook()).toBeUndefined()
  })
})

describe('configuration', () => {
  it('is whole for the plugin; people see of secrets only that they are there, and keep them unseen', async () => {
    const plugin = await register({ secret_keys: ['seed'] })
    const put = (body: object) => send('PUT', `/${plugin.id}/config`, body)
    const own = async () =>
      (await ask('GET', `/api/plugins/${plugin.id}/config`, { headers: as(plugin.token) })).body.data
    const first = await put({ greeting: 'Hello', api_key: 'key-value', seed: 7 })
    expect(first.body.data).toEqual({ greeting: 'Hello', has_api_key: true, has_seed: true })
    expect((await send('GET', `/${plugin.id}/config`)).body.data).toEqual(first.body.data)
    await put({ ...first.body.data, greeting: 'Good day' })
    expect(await own()).toEqual({ greeting: 'Good day', api_key: 'key-value', seed: 7 })
    expect((await beat(plugin)).body.data.config_version).toBe(2)
    const refused = await put({ has_password: true })
    expect([refused.status, refused.body.details[0].path]).toEqual([400, 'body.has_password'])
    expect((await put({ greeting: 'Bye' })).body.data).toEqual({ greeting: 'Bye' })
    expect(await own()).toEqual({ greeting: 'Bye' })
    const seen = await server.database.pool.query('select * from plugins, audit_entries, events')
    expect(JSON.stringify(seen.rows)).not.toContain('key-value')
  })

  it('opens to nobody without the right', async () => {
    const { id } = await register()
    const user = await server.as('user')
    expect((await ask('GET', `/api/plugins/${id}/config`, { headers: user.headers })).status).toBe(403)
    const reader = (
      await ask('POST', '/api/tokens', { headers, body: { name: 'Reader', scopes: ['plugins:read'] } })
    ).body.data.token as string
    expect((await ask('GET', `/api/plugins/${id}/config`, { headers: as(reader) })).status).toBe(200)
    const put = await ask('PUT', `/api/plugins/${id}/config`, { headers: as(reader), body: { a: 1 } })
    expect(put.status).toBe(403)
  })
})
