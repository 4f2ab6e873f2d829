import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword } from '@holdfast/testkit/people'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

describe('changing a password', () => {
  let server: TestServer
  let ask: Ask
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())
  beforeEach(() => server.clock.advance(60_000))

  const change = (headers: Record<string, string>, body: unknown) =>
    ask('POST', '/api/auth/change-password', { body, headers })
  const me = async (headers: Record<string, string>) => (await ask('GET', '/api/auth/me', { headers })).status

  it('takes either spelling, keeps the session it came from and ends the others', async () => {
    const { user, headers } = await server.as('user')
    const elsewhere = await server.signIn(user.login)
    const first = { current_password: testPassword, new_password: 'Second-pass-1' }
    expect((await change(headers, first)).status).toBe(200)
    await expect.poll(() => me(elsewhere.headers), { interval: 5, timeout: 1_000 }).toBe(401)
    const second = { currentPassword: 'Second-pass-1', newPassword: 'Third-pass-1' }
    expect((await change(headers, second)).status).toBe(200)
    expect(await me(headers)).toBe(200)
    expect((await server.signIn(user.login, 'Third-pass-1')).user.id).toBe(user.id)
  })

  it('needs the current one, and guessing it through a stolen session is locked', async () => {
    const { user, headers } = await server.as('user')
    const guess = { current_password: 'wrong', new_password: 'Second-pass-1' }
    expect((await change(headers, guess)).body.code).toBe('auth.password_wrong')
    for (let count = 2; count <= 5; count++) await change(headers, guess)
    expect((await change(headers, { ...guess, current_password: testPassword })).status).toBe(429)
    server.clock.advance(900_000)
    expect((await server.signIn(user.login)).user.id).toBe(user.id)
  })

  it('an administrator sets it for somebody else, who is then asked to choose another', async () => {
    const admin = await server.as('admin')
    const { user, headers } = await server.as('user')
    const body = { username: user.login, new_password: 'Given-pass-1' }
    expect(
      (await ask('POST', '/api/auth/admin/reset-password', { body, headers: admin.headers })).status,
    ).toBe(200)
    await expect.poll(() => me(headers), { interval: 5, timeout: 1_000 }).toBe(401)
    const session = await server.signIn(user.login, 'Given-pass-1')
    const must = async () =>
      (await ask('GET', '/api/auth/me', { headers: session.headers })).body.data.must_change_password
    expect(await must()).toBe(true)
    const { status, body: refusal } = await ask('GET', '/api/users', { headers: session.headers })
    expect([status, refusal.code]).toEqual([403, 'auth.password_change_required'])
    // Whoever will not choose one can leave, by either door.
    const other = await server.signIn(user.login, 'Given-pass-1')
    expect((await ask('POST', '/v1/auth/logout', { headers: other.headers })).status).toBe(200)
    await change(session.headers, { current_password: 'Given-pass-1', new_password: 'Chosen-pass-1' })
    expect(await must()).toBe(false)
    // At once: nothing of what was remembered about the session is in the way.
    expect((await ask('GET', '/api/users', { headers: session.headers })).status).toBe(200)
  })

  it('only administrators may set it for somebody else, and only for somebody there is', async () => {
    const manager = await server.as(['manage_users', 'view'])
    const admin = await server.as('admin')
    const body = { username: 'nobody', new_password: 'Given-pass-1' }
    const asked = (headers: Record<string, string>) =>
      ask('POST', '/api/auth/admin/reset-password', { body, headers })
    expect((await asked(manager.headers)).status).toBe(403)
    expect((await asked(admin.headers)).body.code).toBe('users.not_found')
  })

  it('a hash made at an older cost is made again at the next sign-in', async () => {
    const { user } = await server.as('user')
    const stored = async () =>
      (
        await server.database.kysely
          .selectFrom('users')
          .select('password_hash')
          .where('id', '=', user.id)
          .executeTakeFirstOrThrow()
      ).password_hash
    expect(await stored()).toContain('m=8,')
    await server.signIn(user.login)
    expect(await stored()).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect((await server.signIn(user.login)).user.id).toBe(user.id)
  })
})
