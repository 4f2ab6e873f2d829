import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('sessions', () => {
  let server: TestServer
  let ask: Ask
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())

  const status = async (headers: Record<string, string>, asking = ask) =>
    (await asking('GET', '/api/auth/me', { headers })).status
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const refresh = (refreshToken: string) => ask('POST', '/api/auth/refresh', { body: { refreshToken } })
  const auditActions = async () =>
    (await server.database.kysely.selectFrom('audit_entries').select('action').execute()).map(
      ({ action }) => action,
    )

  it('a refresh token gives a new pair, in the form of either reference', async () => {
    const { refreshToken } = await server.as('user')
    const first = await refresh(refreshToken)
    expect(first.status).toBe(200)
    expect(await status(bearer(first.body.data.accessToken))).toBe(200)
    const second = await ask('POST', '/v1/auth/refresh', {
      body: { refresh_token: first.body.data.refreshToken },
    })
    expect(second.body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 900,
      token_type: 'Bearer',
    })
  })

  it('a refresh token that comes a second time ends the whole session, and the audit trail says so', async () => {
    const stolen = await server.as('user')
    const rotated = await refresh(stolen.refreshToken)
    expect((await refresh(stolen.refreshToken)).body.code).toBe('auth.refresh_invalid')
    expect(await status(bearer(rotated.body.data.accessToken))).toBe(401)
    expect((await refresh(rotated.body.data.refreshToken)).status).toBe(401)
    expect(await status({ cookie: stolen.cookie })).toBe(401)
    expect(await auditActions()).toContain('session.reuse_detected')
  })

  it('of two uses of a refresh token at the same time one is served and the session ends', async () => {
    const { refreshToken, accessToken } = await server.as('user')
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 401]))
    expect(await status(bearer(accessToken))).toBe(401)
  })

  it('an invented refresh token ends nobody', async () => {
    const { refreshToken, accessToken } = await server.as('user')
    expect((await refresh(`${refreshToken.slice(0, -4)}AAAA`)).status).toBe(401)
    expect(await status(bearer(accessToken))).toBe(200)
  })

  it('signing out ends every credential of the session, and no other session', async () => {
    const { user, accessToken, token, cookie, refreshToken } = await server.as('user')
    const other = await server.signIn(user.login)
    const out = await ask('POST', '/api/auth/logout', { headers: bearer(accessToken) })
    expect(out.status).toBe(200)
    expect(out.headers.getSetCookie()[0]).toMatch(/^holdfast_session=;/)
    expect([
      await status(bearer(accessToken)),
      await status(bearer(token)),
      await status({ cookie }),
    ]).toEqual([401, 401, 401])
    expect((await refresh(refreshToken)).status).toBe(401)
    expect(await status(bearer(other.accessToken))).toBe(200)
    expect((await ask('POST', '/api/auth/logout')).status).toBe(401)
  })

  it('the cookie alone signs out too, without a CSRF token', async () => {
    const { cookie } = await server.as('user')
    expect((await ask('POST', '/api/auth/logout', { headers: { cookie } })).status).toBe(200)
    expect(await status({ cookie })).toBe(401)
  })

  it('a revoked session is refused on a second server on the same database within a second', async () => {
    const replica = await server.replica()
    const there = createAsk(replica.url)
    const { accessToken } = await server.as('user')
    expect(await status(bearer(accessToken), there)).toBe(200)
    await ask('POST', '/api/auth/logout', { headers: bearer(accessToken) })
    await expect.poll(() => status(bearer(accessToken), there), { interval: 5, timeout: 1_000 }).toBe(401)
    await replica.stop()
  })

  it('what a replica remembers of a session is asked for again after a second, even if no word of the change came', async () => {
    const { accessToken } = await server.as('user')
    expect(await status(bearer(accessToken))).toBe(200)
    // Behind the back of the services: nobody is notified.
    await server.database.kysely
      .updateTable('sessions')
      .set({ revoked_at: server.clock.now().toISOString() })
      .execute()
    server.clock.advance(1_000)
    expect(await status(bearer(accessToken))).toBe(401)
  })

  it('an access token ends after a quarter of an hour, the seven-day token and the session after seven days', async () => {
    const { accessToken, token, cookie } = await server.as('user')
    server.clock.advance(15 * 60_000)
    expect([await status(bearer(accessToken)), await status(bearer(token))]).toEqual([401, 200])
    server.clock.advance(7 * 24 * 3_600_000)
    expect([await status(bearer(token)), await status({ cookie })]).toEqual([401, 401])
  })

  it('a refresh token ends when the setting says, although the session goes on', async () => {
    const { headers } = await server.as('superAdmin')
    const setTo = (jwtRefreshExpiresIn: string) =>
      ask('PUT', '/api/settings', { body: { jwtRefreshExpiresIn }, headers })
    expect((await setTo('1h')).status).toBe(200)
    const { refreshToken, token } = await server.as('user')
    server.clock.advance(3_600_000 - 1)
    const rotated = await refresh(refreshToken)
    expect(rotated.status).toBe(200)
    server.clock.advance(3_600_000)
    expect((await refresh(rotated.body.data.refreshToken)).body.code).toBe('auth.refresh_invalid')
    expect(await status(bearer(token))).toBe(200)
  })

  it('the cookie is no bearer token and a bearer token is no cookie', async () => {
    const { accessToken, cookie } = await server.as('user')
    expect(await status(bearer(cookie.replace('holdfast_session=', '')))).toBe(401)
    expect(await status({ cookie: `holdfast_session=${accessToken}` })).toBe(401)
  })

  it('a token that was changed, or not signed by us, opens nothing', async () => {
    const { accessToken } = await server.as('user')
    const [header = '', payload = '', signature = ''] = accessToken.split('.')
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: crypto.randomUUID() })).toString('base64url')
    for (const token of [
      `${header}.${forged}.${signature}`,
      `${unsigned}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -6)}AAAAAA`,
      'x'.repeat(5_000),
      'not.a.token',
      '',
    ]) {
      expect(await status(bearer(token))).toBe(401)
    }
  })
})
