import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemContext } from '../../../context.ts'
import { systemGroupIds } from '../groups/rules.ts'

describe('what a credential is worth', () => {
  let server: TestServer
  let ask: Ask
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())

  const who = (token: string, kind: 'bearer' | 'cookie' | 'api_key' = 'bearer') =>
    server.identity.access.authenticate({ kind, token }, { ip: '127.0.0.1' })
  const cookieToken = (cookie: string) => cookie.split('=').slice(1).join('=')
  const kysely = () => server.database.kysely

  it('a session is its user with the groups they hold and the permissions of all of them', async () => {
    const { user, accessToken } = await server.as(['view'])
    await kysely()
      .insertInto('user_groups')
      .values({ user_id: user.id, group_id: systemGroupIds.admin })
      .execute()
    const actor = await who(accessToken)
    expect(actor).toMatchObject({
      kind: 'user',
      userId: user.id,
      login: user.login,
      via: 'bearer',
      isAdmin: true,
    })
    if (actor?.kind !== 'user') throw new Error('Nobody was recognised.')
    expect(actor.groupIds).toHaveLength(2)
    expect([...actor.permissions]).toEqual(expect.arrayContaining(['view', 'manage_users']))
  })

  it('a user outside the Admin and Super Admin groups is no administrator', async () => {
    const { accessToken } = await server.as(['view'])
    const actor = await who(accessToken)
    if (actor?.kind !== 'user') throw new Error('Nobody was recognised.')
    expect([actor.isAdmin, [...actor.permissions]]).toEqual([false, ['view']])
  })

  it('the token of a cookie is worth nothing as a bearer, and a bearer nothing as a cookie', async () => {
    const { cookie, accessToken } = await server.as('user')
    expect(await who(cookieToken(cookie), 'cookie')).toMatchObject({ kind: 'user', via: 'cookie' })
    expect(await who(cookieToken(cookie), 'bearer')).toBeNull()
    expect(await who(accessToken, 'cookie')).toBeNull()
  })

  it('beyond the limit of its address a credential that nobody has shown before is refused unseen', async () => {
    const known = await server.as('user')
    const late = await server.as('user')
    const me = (token: string) =>
      ask('GET', '/api/auth/me', { headers: { authorization: `Bearer ${token}` } })
    expect((await me(known.accessToken)).status).toBe(200)
    const invented = () => `dap_${randomBytes(24).toString('base64url')}`
    for (let guess = 0; guess < 600; guess += 1)
      await server.identity.access.authenticate({ kind: 'bearer', token: invented() }, { ip: '127.0.0.1' })
    const refused = await me(invented())
    expect([refused.status, refused.body.code]).toEqual([429, 'request.limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.headers.get('x-ratelimit-limit')).toBe('600')
    // Neither is one that is good; it can be told from a guess only by looking.
    expect((await me(late.accessToken)).status).toBe(429)
    expect((await me(known.accessToken)).status).toBe(200)
    server.clock.advance(60_000)
    expect((await me(late.accessToken)).status).toBe(200)
  })

  it('a changed token, an empty one and one sent as a key are worth nothing', async () => {
    const { accessToken } = await server.as('user')
    const [head, payload, signature] = accessToken.split('.')
    const claims = JSON.parse(Buffer.from(String(payload), 'base64url').toString()) as object
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: systemGroupIds.admin })).toString('base64url')
    expect(await who(`${head}.${forged}.${signature}`)).toBeNull()
    expect(await who('')).toBeNull()
    expect(await who(accessToken, 'api_key')).toBeNull()
    expect(await who(accessToken)).not.toBeNull()
  })

  it('a suspended user is nobody as soon as the change is announced', async () => {
    const { user, accessToken } = await server.as('user')
    expect(await who(accessToken)).not.toBeNull()
    await server.identity.transaction(systemContext('tests'), async (ctx) => {
      await server.database
        .of(ctx)
        .updateTable('users')
        .set({ status: 'suspended' })
        .where('id', '=', user.id)
        .execute()
      await server.identity.access.userChanged(ctx, user.id)
    })
    await expect.poll(() => who(accessToken), { interval: 5, timeout: 1_000 }).toBeNull()
  })

  it('a permission that a group loses is gone for its members on every replica, with the token they have', async () => {
    const replica = await server.replica()
    const there = createAsk(replica.url)
    const { accessToken, user } = await server.as(['view'])
    const headers = { authorization: `Bearer ${accessToken}` }
    const status = async (asking: Ask) => (await asking('GET', '/api/users', { headers })).status
    expect([await status(ask), await status(there)]).toEqual([200, 200])
    const group = user.groupIds[0]
    if (group === undefined) throw new Error('The user holds no group.')
    const admin = await server.as('superAdmin')
    const change = await ask('PUT', `/api/groups/${group.id}`, {
      headers: admin.headers,
      body: { permissions: [] },
    })
    expect(change.status).toBe(200)
    await expect.poll(() => status(ask), { interval: 5, timeout: 1_000 }).toBe(403)
    await expect.poll(() => status(there), { interval: 5, timeout: 1_000 }).toBe(403)
    await replica.stop()
  })

  it('a change that is rolled back tells nobody and changes nothing', async () => {
    const { user, accessToken } = await server.as('user')
    const attempt = server.identity.transaction(systemContext('tests'), async (ctx) => {
      await server.database
        .of(ctx)
        .updateTable('users')
        .set({ status: 'suspended' })
        .where('id', '=', user.id)
        .execute()
      await server.identity.access.userChanged(ctx, user.id)
      throw new Error('It was not to be.')
    })
    await expect(attempt).rejects.toThrow('It was not to be.')
    server.clock.advance(1_000)
    expect(await who(accessToken)).toMatchObject({ userId: user.id })
  })
})
