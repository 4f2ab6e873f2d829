import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemGroupIds } from '../groups/rules.ts'

describe('the profile', () => {
  let server: TestServer
  let ask: Ask
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())

  type Headers = Record<string, string>
  const get = async (headers: Headers) => (await ask('GET', '/api/profile', { headers })).body.data
  const put = (headers: Headers, body: object) => ask('PUT', '/api/profile', { body, headers })

  it('shows the one who asks, with what they may do', async () => {
    const { headers, user } = await server.as('editor')
    expect(await get(headers)).toMatchObject({
      id: user.id,
      permissions: ['create', 'manage_api', 'update', 'view'],
    })
    expect((await ask('GET', '/api/profile')).status).toBe(401)
  })

  it('changes name, login and e-mail, and with them how one signs in', async () => {
    const { headers, user } = await server.as('user')
    const names = { name: 'New name', login: `new-${user.login}`, email: `new-${user.login}@example.com` }
    const change = { ...names, currentPassword: testPassword }
    expect((await put(headers, change)).body.data).toMatchObject({ id: user.id, ...names })
    expect((await server.signIn(names.email)).user.id).toBe(user.id)
  })

  it('changes neither groups nor status nor anybody else, whatever the body says', async () => {
    const other = await server.as('user')
    const { headers, user } = await server.as('user')
    const before = await get(headers)
    const wishes = {
      groupIds: [systemGroupIds.superAdmin],
      status: 'suspended',
      id: other.user.id,
      userId: other.user.id,
      permissions: ['manage_users'],
    }
    const { status, body } = await put(headers, { ...wishes, name: 'Mine' })
    expect(status).toBe(200)
    expect(body.data).toEqual({ ...before, name: 'Mine', updatedAt: body.data.updatedAt })
    expect((await get(other.headers)).name).toBe(other.user.name)
    expect(body.data.id).toBe(user.id)
  })

  it('a new password needs the current one, and keeps this session only', async () => {
    const { headers, user } = await server.as('user')
    const elsewhere = await server.signIn(user.login)
    expect((await put(headers, { password: 'Second-pass-1' })).body.details).toMatchObject([
      { path: 'body.currentPassword' },
    ])
    const wrong = await put(headers, {
      password: 'Second-pass-1',
      currentPassword: 'wrong',
      name: 'Half done',
    })
    expect([wrong.body.code, (await get(headers)).name]).toEqual(['auth.password_wrong', user.name])
    expect((await put(headers, { password: 'Second-pass-1', currentPassword: testPassword })).status).toBe(
      200,
    )
    expect((await get(headers)).id).toBe(user.id)
    const there = async () => (await ask('GET', '/api/profile', { headers: elsewhere.headers })).status
    await expect.poll(there, { interval: 5, timeout: 1_000 }).toBe(401)
  })

  it('a new e-mail address needs the current password, however it is given', async () => {
    const { headers, user } = await server.as('user')
    const before = await get(headers)
    const address = `mine-${user.login}@example.com`
    for (const change of [{ email: address }, { email: null }, { email: address, login: address }]) {
      const refused = await put(headers, { ...change, name: 'Half done' })
      expect([refused.status, refused.body.details?.[0]?.path]).toEqual([400, 'body.currentPassword'])
    }
    const wrong = await put(headers, { email: address, currentPassword: 'wrong' })
    expect(wrong.body.code).toBe('auth.password_wrong')
    expect(await get(headers)).toEqual(before)
    expect((await put(headers, { email: before.email, name: 'Same address' })).status).toBe(200)
    expect((await put(headers, { email: null, currentPassword: testPassword })).status).toBe(200)
    // A login that is an address becomes the address of who has none.
    expect((await put(headers, { login: address })).body.details?.[0]?.path).toBe('body.currentPassword')
  })

  it('who has no password changes the address soon after signing in, and not later', async () => {
    const { headers, user } = await server.as('user')
    await server.database.kysely
      .updateTable('users')
      .set({ password_hash: null })
      .where('id', '=', user.id)
      .execute()
    expect((await put(headers, { email: `first-${user.login}@example.com` })).status).toBe(200)
    server.clock.advance(10 * 60_000)
    const late = await put(headers, { email: `late-${user.login}@example.com` })
    expect([late.status, late.body.details?.[0]?.path]).toEqual([400, 'body.email'])
  })

  it('a taken name is refused and leaves no trace', async () => {
    const other = await server.as('user')
    const { headers, user } = await server.as('user')
    const { status, body } = await put(headers, { login: other.user.login, name: 'Half done' })
    expect([status, body.code]).toEqual([409, 'users.login_taken'])
    expect(await get(headers)).toMatchObject({ login: user.login, name: user.name })
  })
})
