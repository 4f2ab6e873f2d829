import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemGroupIds } from '../groups/rules.ts'

describe('rights over other people', () => {
  let server: TestServer
  let ask: Ask
  beforeEach(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
  })
  afterEach(() => server.stop())

  type Headers = Record<string, string>
  const change = (id: string, body: unknown, headers: Headers) =>
    ask('PUT', `/api/users/${id}`, { body, headers })
  const remove = (id: string, headers: Headers) => ask('DELETE', `/api/users/${id}`, { headers })
  const groupsOf = async (id: string, headers: Headers) =>
    ((await ask('GET', `/api/users/${id}`, { headers })).body.data.groupIds as { id: string }[]).map(
      (group) => group.id,
    )

  it('an Admin can neither touch a Super Admin nor make one, and nothing changes', async () => {
    const boss = await server.as('superAdmin')
    const admin = await server.as('admin')
    const refusals = [
      await change(boss.user.id, { password: 'Taken-over-12' }, admin.headers),
      await change(boss.user.id, { email: 'mine@example.com' }, admin.headers),
      await remove(boss.user.id, admin.headers),
      await ask('POST', '/api/auth/admin/reset-password', {
        body: { username: boss.user.login, new_password: 'Taken-over-12' },
        headers: admin.headers,
      }),
    ]
    expect(refusals.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
      Array(4).fill('403 users.beyond_own_rights'),
    )
    const grants = [
      await change(admin.user.id, { groupIds: [systemGroupIds.superAdmin] }, admin.headers),
      await ask('POST', '/api/users', {
        body: { login: 'puppet', groupIds: [systemGroupIds.superAdmin] },
        headers: admin.headers,
      }),
    ]
    expect(grants.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
      Array(2).fill('403 groups.beyond_own_rights'),
    )
    expect(await groupsOf(admin.user.id, boss.headers)).toEqual([systemGroupIds.admin])
    expect((await server.signIn(boss.user.login)).user.email).toBe(boss.user.email)
  })

  it('who only manages users cannot become more through another account or a group', async () => {
    const admin = await server.as('admin')
    const manager = await server.as(['manage_users', 'view'])
    const attempts = [
      await change(admin.user.id, { password: 'Taken-over-12' }, manager.headers),
      await change(manager.user.id, { groupIds: [systemGroupIds.admin] }, manager.headers),
      await change(manager.user.id, { groupIds: [systemGroupIds.editor] }, manager.headers),
      await ask('POST', '/api/groups', {
        body: { name: 'Mine', permissions: ['manage_api'] },
        headers: manager.headers,
      }),
      await ask('PUT', `/api/groups/${manager.user.groupIds[0]?.id}`, {
        body: { permissions: ['manage_users', 'view', 'manage_api'] },
        headers: manager.headers,
      }),
    ]
    expect(attempts.map(({ status }) => status)).toEqual(Array(5).fill(403))
    const me = await ask('GET', '/api/auth/me', { headers: manager.headers })
    expect(me.body.data.permissions).toEqual(['manage_users', 'view'])
  })

  it('who manages users does manage those who hold no more than themselves', async () => {
    const manager = await server.as(['manage_users', 'view'])
    const { user } = await server.as('viewer')
    expect((await change(user.id, { name: 'Renamed' }, manager.headers)).status).toBe(200)
    expect((await remove(user.id, manager.headers)).status).toBe(200)
  })

  it('the last active Super Admin cannot be deleted, demoted or suspended, nor step down', async () => {
    const last = await server.as('superAdmin')
    const second = await server.as('superAdmin')
    expect((await change(second.user.id, { status: 'suspended' }, last.headers)).status).toBe(200)
    const third = await server.as('superAdmin')
    expect((await change(last.user.id, { groupIds: [] }, third.headers)).status).toBe(200)
    const down = await change(third.user.id, { groupIds: [systemGroupIds.admin] }, third.headers)
    expect([down.status, down.body.code]).toEqual([409, 'users.last_super_admin'])
    expect(await groupsOf(third.user.id, third.headers)).toEqual([systemGroupIds.superAdmin])
  })

  it('two Super Admins who demote each other at the same time do not both succeed', async () => {
    const one = await server.as('superAdmin')
    const two = await server.as('superAdmin')
    await Promise.all([
      change(two.user.id, { groupIds: [] }, one.headers),
      change(one.user.id, { groupIds: [] }, two.headers),
    ])
    const left = await server.database.kysely
      .selectFrom('user_groups')
      .select('user_id')
      .where('group_id', '=', systemGroupIds.superAdmin)
      .execute()
    expect(left.length).toBeGreaterThanOrEqual(1)
  })

  it('a deleted group is gone from those who held it, at once', async () => {
    const boss = await server.as('superAdmin')
    const { user, headers } = await server.as(['view', 'view_logs'])
    await ask('DELETE', `/api/groups/${user.groupIds[0]?.id}`, { headers: boss.headers })
    const permissions = async () => (await ask('GET', '/api/auth/me', { headers })).body.data.permissions
    await expect.poll(permissions, { interval: 5, timeout: 1_000 }).toEqual([])
    expect(await groupsOf(user.id, boss.headers)).toEqual([])
  })
})
