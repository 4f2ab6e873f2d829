import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword } from '@holdfast/testkit/people'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

describe('signing in', () => {
  let server: TestServer
  let ask: Ask
  let address = 0
  beforeAll(async () => {
    server = await startTestServer({ HOLDFAST_TRUSTED_PROXIES: '1' })
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())
  beforeEach(() => {
    address += 1
  })

  /** Every test comes from an address of its own, so that none is in another's count. */
  const from = (last = address) => ({ 'x-forwarded-for': `203.0.113.${last}` })
  const login = (body: unknown, headers: Record<string, string> = from()) =>
    ask('POST', '/api/auth/login', { body, headers })
  const meStatus = async (headers: Record<string, string>) =>
    (await ask('GET', '/api/auth/me', { headers })).status
  const cookieOf = (headers: Headers) => headers.getSetCookie()[0] ?? ''

  it('works with the login, the username and the e-mail address, and answers what each reference promises', async () => {
    const { user, tenantId } = await server.as('editor')
    for (const name of [
      { login: user.login },
      { username: user.login.toUpperCase() },
      { email: user.email },
    ]) {
      const { status, body } = await login({ ...name, password: testPassword })
      expect(status).toBe(200)
      expect(body).toMatchObject({
        success: true,
        data: {
          accessToken: expect.any(String),
          refreshToken: expect.any(String),
          user: { _id: user.id, login: user.login },
        },
        token: expect.any(String),
        tenantId,
      })
      expect(JSON.stringify(body.data.user)).not.toContain('password')
    }
  })

  it('opens the door with every credential it gives', async () => {
    const { user } = await server.as('editor')
    const { body, headers } = await login({ login: user.login, password: testPassword })
    expect(await meStatus({ authorization: `Bearer ${body.data.accessToken}` })).toBe(200)
    expect(await meStatus({ authorization: `Bearer ${body.token}` })).toBe(200)
    expect(await meStatus({ cookie: cookieOf(headers).split(';')[0] ?? '' })).toBe(200)
    expect(await meStatus({ authorization: `Bearer ${body.data.refreshToken}` })).toBe(401)
  })

  it('an unknown user, a wrong password and an invited user answer the same', async () => {
    const { user, client } = await server.as('superAdmin')
    expect(client).toBeDefined()
    const { headers } = await server.as('superAdmin')
    await ask('POST', '/api/users', { body: { username: 'guest' }, headers })
    const answers = await Promise.all([
      login({ login: user.login, password: 'wrong-password' }),
      login({ login: 'nobody-at-all', password: 'wrong-password' }),
      login({ login: 'guest', password: 'wrong-password' }),
    ])
    const said = answers.map(({ status, body }) => ({ status, error: body.error, code: body.code }))
    expect(said[0]).toMatchObject({ status: 401, code: 'auth.credentials_invalid' })
    expect(said[1]).toEqual(said[0])
    expect(said[2]).toEqual(said[0])
  })

  it('whether an account is inactive is told only to who knows its password', async () => {
    const admin = await server.as('superAdmin')
    const { user } = await server.as('user')
    await ask('PUT', `/api/users/${user.id}`, { body: { status: 'suspended' }, headers: admin.headers })
    expect((await login({ login: user.login, password: 'wrong-password' })).body.code).toBe(
      'auth.credentials_invalid',
    )
    const { status, body } = await login({ login: user.login, password: testPassword })
    expect([status, body.code]).toEqual([401, 'auth.account_inactive'])
    const v1 = await ask('POST', '/v1/auth/login', {
      body: { email: user.email, password: testPassword },
      headers: from(),
    })
    expect([v1.status, v1.body.code]).toEqual([403, 'auth.account_suspended'])
    expect(v1.body.request_id).toEqual(expect.any(String))
  })

  it('the cookie cannot be read by scripts, is not sent along from other sites, and is secure behind https', async () => {
    const { user } = await server.as('user')
    const plain = await login({ login: user.login, password: testPassword })
    expect(cookieOf(plain.headers)).toMatch(
      /^holdfast_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const tls = { ...from(), 'x-forwarded-proto': 'https' }
    const secure = await login({ login: user.login, password: testPassword }, tls)
    expect(cookieOf(secure.headers)).toContain('; Secure')
  })

  it('a session that was there before signing in is not taken over', async () => {
    const attacker = await server.as('user')
    const victim = await server.as('user')
    const fixed = { ...from(), cookie: attacker.cookie }
    const { headers } = await login({ login: victim.user.login, password: testPassword }, fixed)
    const given = cookieOf(headers).split(';')[0] ?? ''
    expect(given).not.toBe(attacker.cookie)
    const before = await ask('GET', '/api/auth/me', { headers: { cookie: attacker.cookie } })
    expect(before.body.data.id).toBe(attacker.user.id)
  })

  it('a user id in the body is nothing to it', async () => {
    const admin = await server.as('superAdmin')
    const { user } = await server.as('user')
    const body = {
      login: user.login,
      password: testPassword,
      userId: admin.user.id,
      id: admin.user.id,
      isAdmin: true,
    }
    const answer = await login(body)
    const me = await ask('GET', '/api/auth/me', {
      headers: { authorization: `Bearer ${answer.body.data.accessToken}` },
    })
    expect(me.body.data).toMatchObject({ id: user.id, isAdmin: false, role: 'user' })
  })

  it('a body with no name, two names or an overlong password is invalid and looks nobody up', async () => {
    for (const body of [
      { password: 'x' },
      { login: 'a', email: 'b', password: 'x' },
      { login: 'a', password: 'x'.repeat(201) },
    ]) {
      expect((await login(body)).status).toBe(400)
    }
  })

  it('leaves one audit entry of the user when it succeeds and none when it does not', async () => {
    const { user } = await server.as('user')
    const entries = () =>
      server.database.kysely
        .selectFrom('audit_entries')
        .select(['action', 'actor_id'])
        .where('actor_id', '=', user.id)
        .execute()
    await login({ login: user.login, password: 'wrong-password' })
    expect(await entries()).toEqual([])
    await login({ login: user.login, password: testPassword })
    expect(await entries()).toEqual([{ action: 'session.created', actor_id: user.id }])
  })

  it('permissions are those of now: a group that changes counts at once', async () => {
    const admin = await server.as('superAdmin')
    const { user, headers } = await server.as(['view'])
    const permissions = async () => (await ask('GET', '/api/auth/me', { headers })).body.data.permissions
    expect(await permissions()).toEqual(['view'])
    const path = `/api/groups/${user.groupIds[0]?.id}`
    await ask('PUT', path, { body: { permissions: ['view', 'view_logs'] }, headers: admin.headers })
    await expect.poll(permissions, { interval: 5, timeout: 1_000 }).toEqual(['view', 'view_logs'])
  })
})
