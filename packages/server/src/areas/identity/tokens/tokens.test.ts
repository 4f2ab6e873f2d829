import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemGroupIds } from '../groups/rules.ts'

const minuteMs = 60_000

describe('API tokens', () => {
  let server: TestServer
  let ask: Ask
  beforeAll(async () => {
    server = await startTestServer({ HOLDFAST_TRUSTED_PROXIES: '1' })
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())

  const make = async ({ headers }: Pick<TestUser, 'headers'>, body: object = {}) => {
    const { body: made } = await ask('POST', '/v1/api-tokens', { body: { name: 'CI', ...body }, headers })
    return made as { id: string; token: string; prefix: string }
  }
  const meStatus = async (headers: Record<string, string>) =>
    (await ask('GET', '/api/auth/me', { headers })).status

  it('acts for its user however it is sent: as bearer, as ApiKey, as X-API-Key', async () => {
    const person = await server.as('editor')
    const { token } = await make(person)
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { authorization: `ApiKey ${token}` },
      { 'x-api-key': token },
    ]) {
      const { body } = await ask('GET', '/api/auth/me', { headers })
      expect(body.data).toMatchObject({
        id: person.user.id,
        permissions: ['create', 'manage_api', 'update', 'view'],
      })
    }
    expect(await meStatus({ cookie: `holdfast_session=${token}` })).toBe(401)
  })

  it('answers what each reference promises, once', async () => {
    const admin = await server.as('superAdmin')
    const v1 = await ask('POST', '/v1/api-tokens', {
      body: { name: 'github-actions', expires_in: 2_592_000 },
      headers: admin.headers,
    })
    expect(v1.status).toBe(201)
    expect(v1.body).toMatchObject({ name: 'github-actions', token: expect.stringMatching(/^hft_/) })
    expect(Date.parse(v1.body.expires_at) - Date.parse(v1.body.created_at)).toBe(2_592_000_000)
    const key = await ask('POST', '/api/api-keys', {
      body: { name: 'Shop', permissions: ['view'], expiresAt: null },
      headers: admin.headers,
    })
    expect(key.body.data).toMatchObject({ key: expect.stringMatching(/^dap_/), permissions: ['view'] })
    const scoped = await ask('POST', '/api/tokens', {
      body: { name: 'Deploys', scopes: ['users:read', 'plugins:*', 'config:*', 'audit:read'] },
      headers: admin.headers,
    })
    expect([scoped.status, scoped.body.data.scopes]).toEqual([
      201,
      ['users:read', 'plugins:*', 'config:*', 'audit:read'],
    ])
    for (const path of ['/v1/api-tokens', '/api/api-keys', '/api/tokens']) {
      const listed = JSON.stringify((await ask('GET', path, { headers: admin.headers })).body)
      for (const secret of [v1.body.token, key.body.data.key, scoped.body.data.token])
        expect(listed).not.toContain(secret)
    }
  })

  it('the secret is nowhere in the database', async () => {
    const { token, id } = await make(await server.as('user'))
    const row = await server.database.kysely
      .selectFrom('api_tokens')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify({ ...row, hash: row.hash.toString('latin1') })).not.toContain(token.slice(20))
    expect(row.prefix).toBe(token.slice(0, 16))
    const { headers } = await server.as('user')
    expect(headers).toBeDefined()
    expect(await meStatus({ 'x-api-key': `${token.slice(0, 16)}${'x'.repeat(token.length - 16)}` })).toBe(401)
  })

  it('may do what its scopes and its owner both allow, and nothing else', async () => {
    const admin = await server.as('superAdmin')
    const { token } = await make(admin, { scopes: ['users:read'] })
    const headers = { 'x-api-key': token }
    expect((await ask('GET', '/api/users', { headers })).status).toBe(200)
    expect((await ask('POST', '/api/users', { body: { login: 'mallory' }, headers })).status).toBe(403)
    expect((await ask('GET', '/api/tokens', { headers })).status).toBe(403)
    expect((await ask('GET', '/v1/users', { headers })).status).toBe(403)
    expect((await ask('GET', '/api/auth/me', { headers })).status).toBe(200)
  })

  it('records:read reads records, and neither people nor endpoints nor settings', async () => {
    const { token } = await make(await server.as('superAdmin'), {
      scopes: ['records:read', 'endpoints:write'],
    })
    const narrow = await make(await server.as('superAdmin'), { scopes: ['records:read'] })
    const ask403 = async (key: string, method: 'GET' | 'PUT' | 'DELETE', path: string) => {
      const { status } = await ask(method, path, {
        ...(method === 'PUT' && { body: { enableRegistration: true } }),
        headers: { 'x-api-key': key },
      })
      return `${path} ${status}`
    }
    for (const path of ['/api/users', '/api/groups', '/api/roles', '/api/endpoints', '/api/dashboard/stats'])
      expect(await ask403(narrow.token, 'GET', path)).toBe(`${path} 403`)
    expect(await ask403(token, 'GET', '/api/endpoints')).toBe('/api/endpoints 200')
    expect(await ask403(token, 'PUT', '/api/settings')).toBe('/api/settings 403')
    expect(await ask403(token, 'DELETE', '/api/settings/logs')).toBe('/api/settings/logs 403')
    expect(await ask403(token, 'GET', '/api/webhooks')).toBe('/api/webhooks 403')
  })

  it('without a scope for tokens gives itself a new secret, and touches no other', async () => {
    const person = await server.as('superAdmin')
    const [own, other] = [await make(person, { scopes: ['records:read'] }), await make(person)]
    const headers = { 'x-api-key': own.token }
    const rotate = (id: string) => ask('POST', `/v1/api-tokens/${id}/rotate`, { body: {}, headers })
    expect((await rotate(other.id)).status).toBe(404)
    expect((await ask('DELETE', `/v1/api-tokens/${other.id}`, { headers })).status).toBe(403)
    expect((await rotate(own.id)).body.token).toMatch(/^hft_/)
    expect(await meStatus({ 'x-api-key': other.token })).toBe(200)
  })

  it('an API key answers what it was given, and rotates like any other token', async () => {
    const person = await server.as(['manage_api', 'view'])
    const body = { name: 'Shop', allowedAddresses: ['127.0.0.0/8'] }
    const { data } = (await ask('POST', '/api/api-keys', { body, headers: person.headers })).body
    expect(data).toMatchObject({ allowedAddresses: ['127.0.0.0/8'], lastUsedIp: null, unused: false })
    await meStatus({ 'x-api-key': data.key })
    await server.identity.tokenUsage.flush()
    const path = `/api/api-keys/${data.id}/rotate`
    const rotated = await ask('POST', path, { body: { overlapSeconds: 60 }, headers: person.headers })
    expect(rotated.body.data).toMatchObject({ id: data.id, key: expect.stringMatching(/^dap_/) })
    expect([
      await meStatus({ 'x-api-key': data.key }),
      await meStatus({ 'x-api-key': rotated.body.data.key }),
    ]).toEqual([200, 200])
    const [listed] = (await ask('GET', '/api/api-keys', { headers: person.headers })).body.data
    expect(listed).toMatchObject({ lastUsedIp: '127.0.0.1', previousUntil: expect.any(String) })
    expect(JSON.stringify(listed)).not.toContain(rotated.body.data.key)
    server.clock.advance(60_000)
    expect(await meStatus({ 'x-api-key': data.key })).toBe(401)
  })

  it('needs a scope for records behind an endpoint that is not public', async () => {
    const admin = await server.as('superAdmin')
    const group = { name: 'Shop', basePath: '/api/tokened', fields: [{ name: 'title', type: 'string' }] }
    for (const [method, path] of [
      ['GET', '/api/tokened'],
      ['POST', '/api/tokened'],
    ]) {
      const body = { ...group, name: `${method} tokened`, method, path, accessType: 'authenticated' }
      expect((await ask('POST', '/api/endpoints', { body, headers: admin.headers })).status).toBe(201)
    }
    const [none, read, write] = [
      await make(admin, { scopes: ['logs:read'] }),
      await make(admin, { scopes: ['records:read'] }),
      await make(admin, { scopes: ['records:write'] }),
    ]
    const statuses = async ({ token }: { token: string }) => {
      const headers = { 'x-api-key': token }
      const created = await ask('POST', '/api/tokened', { body: { title: 'One' }, headers })
      return [(await ask('GET', '/api/tokened', { headers })).status, created.status]
    }
    expect(await statuses(none)).toEqual([403, 403])
    expect(await statuses(read)).toEqual([200, 403])
    expect(await statuses(write)).toEqual([200, 201])
  })

  it('loses at once what its owner loses', async () => {
    const admin = await server.as('superAdmin')
    const person = await server.as(['view', 'manage_users'])
    const { token } = await make(person)
    const headers = { 'x-api-key': token }
    const create = async () =>
      (await ask('POST', '/api/users', { body: { login: `u-${Math.random()}`, groupIds: [] }, headers }))
        .status
    expect(await create()).toBe(201)
    const path = `/api/groups/${person.user.groupIds[0]?.id}`
    await ask('PUT', path, { body: { permissions: ['view'] }, headers: admin.headers })
    await expect.poll(create, { interval: 5, timeout: 1_000 }).toBe(403)
  })

  it('stops with its owner, when they are suspended or deleted', async () => {
    const admin = await server.as('superAdmin')
    const person = await server.as('user')
    const { token } = await make(person)
    const status = () => meStatus({ 'x-api-key': token })
    expect(await status()).toBe(200)
    await ask('POST', `/v1/admin/users/${person.user.id}/suspend`, { headers: admin.headers })
    await expect.poll(status, { interval: 5, timeout: 1_000 }).toBe(401)
    await ask('POST', `/v1/admin/users/${person.user.id}/unsuspend`, { headers: admin.headers })
    await expect.poll(status, { interval: 5, timeout: 1_000 }).toBe(200)
    await ask('DELETE', `/api/users/${person.user.id}`, { headers: admin.headers })
    await expect.poll(status, { interval: 5, timeout: 1_000 }).toBe(401)
  })

  it('a revoked one is refused within a second on every replica', async () => {
    const person = await server.as('user')
    const { token, id } = await make(person)
    const replica = await server.replica()
    const elsewhere = createAsk(replica.url)
    const headers = { 'x-api-key': token }
    const there = async () => (await elsewhere('GET', '/api/auth/me', { headers })).status
    expect([await meStatus(headers), await there()]).toEqual([200, 200])
    expect((await ask('DELETE', `/v1/api-tokens/${id}`, { headers: person.headers })).status).toBe(200)
    await expect.poll(() => meStatus(headers), { interval: 5, timeout: 1_000 }).toBe(401)
    await expect.poll(there, { interval: 5, timeout: 1_000 }).toBe(401)
    await replica.stop()
  })

  it('ends when its time is over, to the millisecond and from memory', async () => {
    const { token } = await make(await server.as('user'), { expires_in: 60 })
    server.clock.advance(minuteMs - 1)
    expect(await meStatus({ 'x-api-key': token })).toBe(200)
    server.clock.advance(1)
    expect(await meStatus({ 'x-api-key': token })).toBe(401)
  })

  it('works from its addresses alone, of both families', async () => {
    const person = await server.as('user')
    const { token } = await make(person, { allowed_addresses: ['203.0.113.0/28', '2001:db8:1::/48'] })
    const from = (ip: string) => meStatus({ 'x-api-key': token, 'x-forwarded-for': ip })
    expect(await from('203.0.113.15')).toBe(200)
    expect(await from('::ffff:203.0.113.15')).toBe(200)
    expect(await from('2001:db8:1:ffff::1')).toBe(200)
    expect(await from('203.0.113.16')).toBe(401)
    expect(await from('2001:db8:2::1')).toBe(401)
    const broken = await ask('POST', '/v1/api-tokens', {
      body: { name: 'x', allowed_addresses: ['203.0.113.0/33', 'example.com'] },
      headers: person.headers,
    })
    expect([broken.status, broken.body.details.length]).toEqual([400, 2])
  })

  it('rotation gives a new secret under the same id, and the old one works until the overlap ends', async () => {
    const person = await server.as('user')
    const { token: old, id } = await make(person, { expires_in: 86_400 })
    const rotate = async () =>
      (
        await ask('POST', `/v1/api-tokens/${id}/rotate`, {
          body: { overlap_seconds: 120 },
          headers: person.headers,
        })
      ).body as { id: string; token: string }
    const first = await rotate()
    const works = async (token: string) => (await meStatus({ 'x-api-key': token })) === 200
    expect([first.id, await works(old), await works(first.token)]).toEqual([id, true, true])
    const second = await rotate()
    // Only one secret before the present one is ever good.
    await expect.poll(() => works(old), { interval: 5, timeout: 1_000 }).toBe(false)
    expect([await works(first.token), await works(second.token)]).toEqual([true, true])
    server.clock.advance(2 * minuteMs)
    expect([await works(first.token), await works(second.token)]).toEqual([false, true])
  })

  describe('a token makes no stronger one', () => {
    const makeWith = async (token: string, body: object) =>
      (
        await ask('POST', '/v1/api-tokens', {
          body: { name: 'Child', ...body },
          headers: { 'x-api-key': token },
        })
      ).status

    it('neither with more scopes', async () => {
      const { token } = await make(await server.as('superAdmin'), {
        scopes: ['users:write', 'config:read', 'tokens:*'],
      })
      expect(await makeWith(token, {})).toBe(403)
      expect(await makeWith(token, { scopes: ['*'] })).toBe(403)
      expect(await makeWith(token, { scopes: ['manage_api'] })).toBe(403)
      expect(await makeWith(token, { scopes: ['config:*'] })).toBe(403)
      expect(await makeWith(token, { scopes: ['users:read', 'config:read'] })).toBe(201)
    })

    it('nor one that lives longer or works from more places', async () => {
      const { token } = await make(await server.as('user'), {
        expires_in: 3_600,
        allowed_addresses: ['127.0.0.1'],
      })
      const inside = { allowed_addresses: ['127.0.0.1'], expires_in: 600 }
      expect(await makeWith(token, inside)).toBe(201)
      expect(await makeWith(token, { ...inside, expires_in: 7_200 })).toBe(403)
      expect(await makeWith(token, { ...inside, expires_in: null })).toBe(403)
      expect(await makeWith(token, { ...inside, allowed_addresses: [] })).toBe(403)
    })

    it('nor a user, a password or a group above itself', async () => {
      const admin = await server.as('superAdmin')
      const { token } = await make(admin, { scopes: ['users:write'] })
      const headers = { 'x-api-key': token }
      const tries = [
        ask('POST', '/api/users', { body: { login: 'm1', groupIds: [systemGroupIds.superAdmin] }, headers }),
        ask('PUT', `/api/users/${admin.user.id}`, { body: { password: 'Taken-over-10' }, headers }),
        ask('POST', '/api/groups', { body: { name: 'M', permissions: ['manage_api'] }, headers }),
        ask('PUT', '/api/profile', { body: { email: 'mallory@example.com' }, headers }),
        ask('POST', '/v1/auth/mfa/enroll', { headers }),
      ]
      expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
    })
  })

  it('a stranger’s token does not exist; an administrator sees and ends it, and does not get its secret', async () => {
    const [person, stranger, admin] = [
      await server.as('user'),
      await server.as('user'),
      await server.as('superAdmin'),
    ]
    const { id, token } = await make(person)
    expect((await ask('DELETE', `/v1/api-tokens/${id}`, { headers: stranger.headers })).status).toBe(404)
    const rotated = await ask('POST', `/api/tokens/${id}/rotate`, { body: {}, headers: admin.headers })
    expect([rotated.status, rotated.body.code]).toEqual([403, 'tokens.beyond_own_rights'])
    expect(await meStatus({ 'x-api-key': token })).toBe(200)
    expect((await ask('DELETE', `/api/tokens/${id}`, { headers: admin.headers })).status).toBe(200)
    await expect.poll(() => meStatus({ 'x-api-key': token }), { interval: 5, timeout: 1_000 }).toBe(401)
  })

  it('notes the last use in batches, and the activity log the first of an hour', async () => {
    const person = await server.as('superAdmin')
    const { token, id } = await make(person)
    const headers = { 'x-api-key': token, 'x-forwarded-for': '203.0.113.9' }
    for (let count = 0; count < 3; count++) await meStatus(headers)
    await server.identity.tokenUsage.flush()
    const { body } = await ask('GET', '/v1/api-tokens', { headers: person.headers })
    expect(body).toMatchObject({ total: 1, limit: 50, offset: 0 })
    expect(body.data[0]).toMatchObject({ id, last_used_ip: '203.0.113.9', unused: false })
    server.clock.advance(1_000)
    const uses = async () => {
      const { body: logs } = await ask('GET', '/api/dashboard/logs?action=api_key_used&limit=200', {
        headers: person.headers,
      })
      return (logs.data as { userId: string; source: string }[]).filter(
        ({ userId }) => userId === person.user.id,
      )
    }
    await expect.poll(async () => (await uses()).map(({ source }) => source)).toEqual(['api_key'])
  })

  it('the report of unused tokens names those that nobody has used for thirty days', async () => {
    const admin = await server.as('superAdmin')
    const [idle, busy] = [await make(admin), await make(admin)]
    server.clock.advance(30 * 24 * 3_600_000)
    await meStatus({ 'x-api-key': busy.token })
    await server.identity.tokenUsage.flush()
    const fresh = await server.as('superAdmin')
    const { body } = await ask('GET', '/api/tokens?unused=true&limit=200', { headers: fresh.headers })
    const ids = (body.data as { id: string }[]).map(({ id }) => id)
    expect([ids.includes(idle.id), ids.includes(busy.id)]).toEqual([true, false])
  })
})
