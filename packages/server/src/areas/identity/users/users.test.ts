import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemGroupIds } from '../groups/rules.ts'

describe('users', () => {
  let server: TestServer
  let ask: Ask
  let superAdmin: Record<string, string>
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
    superAdmin = (await server.as('superAdmin')).headers
  })
  afterAll(() => server.stop())

  const create = (body: unknown, headers = superAdmin) => ask('POST', '/api/users', { body, headers })
  const change = (id: string, body: unknown, headers = superAdmin) =>
    ask('PUT', `/api/users/${id}`, { body, headers })
  const find = async (id: string) => (await ask('GET', `/api/users/${id}`, { headers: superAdmin })).body.data
  const traces = async () => ({
    audit: (await server.database.kysely.selectFrom('audit_entries').select('id').execute()).length,
    events: (await server.database.kysely.selectFrom('events').select('id').execute()).length,
  })

  it('a new user has what was given, in lower case, and never shows a password', async () => {
    const { status, body } = await create({
      login: 'Ada',
      email: 'Ada@Example.com',
      name: 'Ada Lovelace',
      password: 'Analytical-1',
      status: 'inactive',
      groupIds: [systemGroupIds.editor],
    })
    expect(status).toBe(201)
    expect(body.data).toMatchObject({
      login: 'ada',
      username: 'ada',
      email: 'ada@example.com',
      status: 'inactive',
      groupIds: [{ id: systemGroupIds.editor, name: 'Editor' }],
      lastLoginAt: null,
    })
    expect(body.data).toHaveProperty('_id', body.data.id)
    expect(body).not.toHaveProperty('setPasswordToken')
    expect(JSON.stringify(body)).not.toMatch(/password|argon2/i)
  })

  it('only a username invites: the answer carries a token that sets the first password, once', async () => {
    const { status, body } = await create({ username: 'alice' })
    expect([status, body.data.status]).toEqual([201, 'invited'])
    expect(body.data.groupIds).toMatchObject([{ name: 'User' }])
    const reset = () =>
      ask('POST', '/api/auth/reset-password', {
        body: { token: body.setPasswordToken, password: 'Wonderland-1' },
      })
    expect((await reset()).status).toBe(200)
    expect((await reset()).body.code).toBe('auth.reset_token_invalid')
    expect((await server.signIn('alice', 'Wonderland-1')).user.status).toBe('active')
  })

  it('mass assignment gives nothing: no id, no flag, no permission comes from the body', async () => {
    const id = crypto.randomUUID()
    const { body } = await create({
      login: 'mallory',
      id,
      isSystem: true,
      permissions: ['manage_users'],
      isAdmin: true,
    })
    expect(body.data.id).not.toBe(id)
    const session = await ask('POST', '/api/auth/reset-password', {
      body: { token: body.setPasswordToken, password: 'Mallory-12', permissions: ['manage_users'] },
    })
    expect(session.status).toBe(200)
    const { headers } = await server.signIn('mallory', 'Mallory-12')
    const me = await ask('GET', '/api/auth/me', { headers })
    expect(me.body.data).toMatchObject({ permissions: ['view'], isAdmin: false })
  })

  it('a taken login or e-mail is refused, whatever its case, and leaves no trace', async () => {
    await create({ login: 'taken', email: 'taken@example.com' })
    const before = await traces()
    expect((await create({ login: 'TAKEN' })).body.code).toBe('users.login_taken')
    expect((await create({ login: 'other', email: 'TAKEN@example.com' })).body.code).toBe('users.email_taken')
    expect(await traces()).toEqual(before)
  })

  it("nobody can hold a login that is somebody else's e-mail address", async () => {
    await create({ login: 'victim', email: 'victim@example.com' })
    const thief = await create({ login: 'victim@example.com', email: 'thief@example.com' })
    expect([thief.status, thief.body.details[0].path]).toEqual([400, 'body.login'])
    expect((await create({ login: 'victim@example.com' })).body.code).toBe('users.email_taken')
  })

  it('the list is searched in name, login, e-mail and status, and wildcards are only letters', async () => {
    await create({
      login: 'grace',
      email: 'hopper@navy.example',
      name: 'Rear Admiral',
      password: 'Compiler-1',
      status: 'suspended',
    })
    const logins = async (search: string) =>
      (
        (await ask('GET', `/api/users?search=${encodeURIComponent(search)}`, { headers: superAdmin })).body
          .data as { login: string }[]
      ).map(({ login }) => login)
    for (const search of ['GRAC', 'navy', 'rear adm', 'suspended'])
      expect(await logins(search)).toEqual(['grace'])
    expect(await logins('%')).toEqual([])
    expect(await logins("' or 1=1 --")).toEqual([])
  })

  it('pages and cursors lead through the same list, and both at once are refused', async () => {
    const get = async (query: string) =>
      (await ask('GET', `/api/users?${query}`, { headers: superAdmin })).body
    const all = await get('limit=200')
    const second = await get('page=2&limit=2')
    expect(second.meta).toEqual({ page: 2, limit: 2, total: all.data.length })
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const part: { data: { id: string }[]; next_cursor: string | null } = await get(
        `limit=2${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...part.data.map(({ id }) => id))
      cursor = part.next_cursor
    }
    expect(seen).toEqual(all.data.map(({ id }: { id: string }) => id))
    expect(second.data.map(({ id }: { id: string }) => id)).toEqual(seen.slice(2, 4))
    const both = await ask('GET', '/api/users?page=1&cursor=abc', { headers: superAdmin })
    expect([both.status, both.body.details[0].path]).toEqual([400, 'query.cursor'])
    expect((await ask('GET', '/api/users?cursor=nonsense', { headers: superAdmin })).status).toBe(400)
  })

  it('who may view may read but not write', async () => {
    const { headers, user } = await server.as('viewer')
    expect((await ask('GET', '/api/users', { headers })).status).toBe(200)
    expect((await ask('GET', `/api/users/${user.id}`, { headers })).status).toBe(200)
    expect((await create({ login: 'nope' }, headers)).status).toBe(403)
    expect((await change(user.id, { groupIds: [systemGroupIds.superAdmin] }, headers)).status).toBe(403)
  })

  it('reference 001 changes and deletes with the id in the body or the query, not in two ways at once', async () => {
    const { body } = await create({ login: 'named' })
    const { id } = body.data
    const put = (query: string, given: unknown) =>
      ask('PUT', `/api/users${query}`, { body: given, headers: superAdmin })
    expect((await put('', { id, name: 'In the body' })).body.data.name).toBe('In the body')
    expect((await put(`?id=${id}`, { name: 'In the query' })).body.data.name).toBe('In the query')
    expect((await put('', { name: 'Nobody' })).status).toBe(400)
    expect((await put(`?id=${id}`, { id: crypto.randomUUID(), name: 'Two' })).status).toBe(400)
    const patched = await ask('PATCH', `/api/users/${id}`, { body: { name: 'Patched' }, headers: superAdmin })
    expect(patched.body.data.name).toBe('Patched')
    expect((await ask('DELETE', `/api/users?id=${id}`, { headers: superAdmin })).status).toBe(200)
    expect((await ask('DELETE', '/api/users', { body: { id }, headers: superAdmin })).status).toBe(404)
  })

  it('a change leaves alone what it does not name', async () => {
    const { body } = await create({
      login: 'steady',
      email: 'steady@example.com',
      name: 'Steady',
      password: 'Password-12',
    })
    const { status, body: changed } = await change(body.data.id, { name: 'Renamed' })
    expect(status).toBe(200)
    expect(changed.data).toEqual({ ...body.data, name: 'Renamed', updatedAt: changed.data.updatedAt })
    expect((await server.signIn('steady', 'Password-12')).user.name).toBe('Renamed')
  })

  it('suspending, a new password and deletion end every session at once', async () => {
    const acts: ((id: string) => Promise<{ status: number }>)[] = [
      (id) => change(id, { status: 'suspended' }),
      (id) => change(id, { password: 'Replaced-12' }),
      (id) => ask('DELETE', `/api/users/${id}`, { headers: superAdmin }),
    ]
    for (const act of acts) {
      const { user, headers, refreshToken } = await server.as('user')
      expect((await act(user.id)).status).toBe(200)
      const me = async () => (await ask('GET', '/api/auth/me', { headers })).status
      await expect.poll(me, { interval: 5, timeout: 1_000 }).toBe(401)
      expect((await ask('POST', '/api/auth/refresh', { body: { refreshToken } })).status).toBe(401)
    }
  })

  it('an invited user cannot be made active without a password', async () => {
    const { body } = await create({ login: 'waiting' })
    expect((await change(body.data.id, { status: 'active' })).body.code).toBe('users.password_missing')
    expect((await change(body.data.id, { status: 'invited', name: 'Still waiting' })).status).toBe(200)
    expect((await change(body.data.id, { password: 'Password-12' })).body.data.status).toBe('active')
    expect((await change(body.data.id, { status: 'invited' })).status).toBe(400)
  })

  it('an unknown group is named, and nothing is made', async () => {
    const groupId = crypto.randomUUID()
    const { status, body } = await create({ login: 'groupless', groupIds: [groupId] })
    expect([status, body.details]).toEqual([
      400,
      [{ path: 'body.groupIds', message: `there is no group ${groupId}` }],
    ])
    const found = await ask('GET', '/api/users?search=groupless', { headers: superAdmin })
    expect(found.body.meta.total).toBe(0)
  })

  it('administrators need ten characters, others eight', async () => {
    const admin = { login: 'short-admin', password: 'Nine-char', groupIds: [systemGroupIds.admin] }
    expect((await create(admin)).body.details[0].path).toBe('body.password')
    expect((await create({ login: 'short-user', password: 'Nine-char' })).status).toBe(201)
    expect((await create({ login: 'shorter', password: 'Seven77' })).status).toBe(400)
    expect((await create({ login: 'longest', password: 'x'.repeat(201) })).status).toBe(400)
  })

  it('nobody deletes themselves or changes their own status', async () => {
    const { user, headers } = await server.as('superAdmin')
    expect((await ask('DELETE', `/api/users/${user.id}`, { headers })).body.code).toBe(
      'users.yourself_protected',
    )
    expect((await change(user.id, { status: 'inactive' }, headers)).body.code).toBe(
      'users.yourself_protected',
    )
    expect(await find(user.id)).toMatchObject({ status: 'active' })
  })

  it('the password of every test user is the one the harness says', async () => {
    const { user } = await server.as('peer')
    expect((await server.signIn(user.login, testPassword)).user.id).toBe(user.id)
  })
})
