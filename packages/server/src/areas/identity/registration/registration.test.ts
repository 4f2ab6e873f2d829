import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('registration', () => {
  let server: TestServer
  let ask: Ask
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())

  const register = (body: object) => ask('POST', '/api/auth/register', { body })
  const person = (name: string) => ({ name, email: `${name}@example.com`, password: 'Password-12' })

  it('makes a user in the group User with an organization of their own and its gateway key, and signs them in', async () => {
    const { status, body } = await register(person('ada'))
    expect(status).toBe(201)
    expect(body).toMatchObject({
      success: true,
      data: {
        login: 'ada@example.com',
        email: 'ada@example.com',
        status: 'active',
        groupIds: [{ name: 'User' }],
      },
      gatewayApiKey: expect.stringMatching(/^hfg_/),
    })
    const me = await ask('GET', '/api/auth/me', { headers: { authorization: `Bearer ${body.token}` } })
    expect(me.body.data).toMatchObject({ id: body.data.id, tenantId: body.tenantId, permissions: ['view'] })
    const login = await ask('POST', '/api/auth/login', {
      body: { email: 'ada@example.com', password: 'Password-12' },
    })
    expect(login.body.tenantId).toBe(body.tenantId)
  })

  it('the gateway key is kept as a hash only', async () => {
    const { body } = await register(person('grace'))
    const key = await server.database.tenant({ organizationId: body.tenantId }, ({ tx }) =>
      tx.selectFrom('gateway_keys').selectAll().executeTakeFirstOrThrow(),
    )
    expect(key.hash).toHaveLength(32)
    expect(JSON.stringify(key)).not.toContain(body.gatewayApiKey)
  })

  it('takes a login of its own, and refuses one that is another address', async () => {
    expect((await register({ ...person('joan'), login: 'Joan' })).body.data.login).toBe('joan')
    expect((await register({ ...person('jean'), login: 'joan@example.com' })).status).toBe(400)
  })

  it('a taken name is 409 and leaves neither user nor organization', async () => {
    await register({ ...person('first'), login: 'first' })
    const count = async () =>
      (await server.database.kysely.selectFrom('organizations').select('id').execute()).length
    const before = await count()
    expect((await register({ ...person('second'), login: 'first' })).body.code).toBe('users.login_taken')
    expect((await register({ ...person('first'), login: 'third' })).body.code).toBe('users.email_taken')
    expect(await count()).toBe(before)
  })

  it('gives no rights that the body asks for', async () => {
    const wishes = {
      groupIds: ['019b0000-0000-7000-8000-000000000001'],
      permissions: ['manage_users'],
      status: 'active',
      isAdmin: true,
    }
    const { body } = await register({ ...person('mallory'), ...wishes })
    expect(body.data.groupIds).toMatchObject([{ name: 'User' }])
  })

  it('reference 004 needs an address and a password only', async () => {
    const { status, body } = await ask('POST', '/v1/auth/register', {
      body: { email: 'v1@example.com', password: 'Password-12' },
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      email: 'v1@example.com',
      name: 'v1@example.com',
      role: 'user',
      organization_id: expect.any(String),
    })
    const again = await ask('POST', '/v1/auth/register', {
      body: { email: 'v1@example.com', password: 'Password-12' },
    })
    expect(again.status).toBe(409)
  })

  it('two who register the same address at the same time are one user', async () => {
    const statuses = (await Promise.all([register(person('twin')), register(person('twin'))])).map(
      ({ status }) => status,
    )
    expect(new Set(statuses)).toEqual(new Set([201, 409]))
  })

  it('is refused on every server as soon as the settings say so', async () => {
    const admin = await server.as('superAdmin')
    await ask('PUT', '/api/settings', { body: { enableRegistration: false }, headers: admin.headers })
    const { status, body } = await register(person('late'))
    expect([status, body.code]).toEqual([403, 'auth.registration_disabled'])
    expect(
      (
        await ask('POST', '/v1/auth/register', {
          body: { email: 'late@example.com', password: 'Password-12' },
        })
      ).status,
    ).toBe(403)
  })
})
