import type { Access } from '@holdfast/contracts/kit/route'
import { isMutation } from '@holdfast/contracts/kit/route'
import { type Permission, permissionNames } from '@holdfast/contracts/permissions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anyCall, scenarioTable } from './scenarios/all.ts'
import { createWorld, nobody, type World } from './world.ts'

const closed = scenarioTable.filter(([, { access }]) => !('public' in access))
const forAdministrators = closed.filter(
  ([, { access }]) => 'organization' in access && access.organization === 'admin',
)
const permitted = closed.filter(([, { access }]) => 'permission' in access || 'admin' in access)

/** Any one of these opens the route. */
function openers(access: Access): readonly Permission[] {
  if (!('permission' in access)) return []
  return typeof access.permission === 'string' ? [access.permission] : access.permission
}

/** Makes somebody a member of an organization that is not theirs. */
const join = (world: World, organizationId: string, userId: string) =>
  world.server.database.tenant({ organizationId }, ({ tx }) =>
    tx
      .insertInto('organization_members')
      .values({
        organization_id: organizationId,
        user_id: userId,
        role: 'member',
        created_at: world.server.clock.now().toISOString(),
      })
      .execute(),
  )

describe('access to routes', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.stop())

  it.each(closed)('%s answers nobody, and reads nothing of what nobody sends', async (_id, route) => {
    const before = await world.traces()
    // The body is announced and never sent: whoever waits for it before refusing times out here.
    const body = isMutation(route.method) ? { announcedBytes: 1_000_000 } : {}
    const headers = { 'content-type': 'application/json' }
    const { status, body: answer } = await world.send(
      route,
      { ...anyCall(route), as: nobody },
      { ...body, headers },
    )
    expect([status, answer]).toEqual([401, expect.objectContaining({ code: 'auth.required' })])
    expect(await world.traces()).toEqual(before)
  })

  it.each(closed)('%s is not opened by a credential that is worth nothing', async (_id, route) => {
    const credentials = [
      { authorization: 'Bearer nonsense' },
      { authorization: 'Basic YWRtaW46YWRtaW4=' },
      { 'x-api-key': 'hfk_nonsense' },
      { cookie: 'holdfast_session=nonsense' },
    ]
    for (const headers of credentials) {
      const { status } = await world.send(route, { ...anyCall(route), as: { headers } })
      expect([status, headers]).toEqual([401, headers])
    }
  })

  it.each(permitted)('%s is closed to who holds every permission but the right one', async (_id, route) => {
    const before = await world.traces()
    const others = permissionNames.filter((name) => !openers(route.access).includes(name))
    const person = await world.as(others)
    const after = await world.traces()
    const answer = await world.send(
      route,
      { ...anyCall(route), as: person },
      { headers: { 'content-type': 'application/json' } },
    )
    expect([answer.status, answer.body]).toEqual([403, expect.objectContaining({ code: 'auth.forbidden' })])
    expect(await world.traces()).toEqual(after)
    expect(after.audit).toBeGreaterThanOrEqual(before.audit)
  })

  const waiting = closed.filter(([, { openBeforePasswordChange }]) => openBeforePasswordChange !== true)
  it('few routes are open to who must first choose a password', () => {
    const open = closed.filter((entry) => !waiting.includes(entry)).map(([id]) => id)
    expect(open.sort()).toEqual([
      'auth.changePassword',
      'auth.logout',
      'auth.me',
      'auth.sessionCsrfToken',
      'auth.v1.logout',
      'profile.get',
    ])
  })

  it.each(waiting)('%s is closed to who must first choose a password of their own', async (_id, route) => {
    const person = await world.withGivenPassword()
    const before = await world.traces()
    const answer = await world.send(route, { ...anyCall(route), as: person })
    expect([answer.status, answer.body]).toEqual([
      403,
      expect.objectContaining({ code: 'auth.password_change_required' }),
    ])
    expect(await world.traces()).toEqual(before)
  })

  const byPermission = permitted.flatMap(([id, route]) =>
    openers(route.access).map((permission) => [id, permission, route] as const),
  )
  it.each(byPermission)('%s is open to who holds %s alone', async (_id, permission, route) => {
    const answer = await world.send(route, { ...anyCall(route), as: await world.as([permission]) })
    expect(answer.status).not.toBe(401)
    expect(answer.body).not.toMatchObject({ code: 'auth.forbidden' })
  })

  it.each(forAdministrators)('%s is closed to a mere member of the organization', async (_id, route) => {
    const { tenantId } = await world.admin()
    const member = await world.as('user')
    await join(world, tenantId, member.user.id)
    const before = await world.traces()
    const { params, ...call } = anyCall(route)
    const answer = await world.send(route, { ...call, params: { ...params, tenantId }, as: member })
    expect([answer.status, answer.body]).toEqual([403, expect.objectContaining({ code: 'auth.forbidden' })])
    expect(await world.traces()).toEqual(before)
  })

  const changing = closed.filter(([, route]) => isMutation(route.method))
  const csrfFree = /^\/api\/(auth|setup)\//
  it.each(changing.filter(([, { path }]) => !csrfFree.test(path)))(
    '%s is not reached by a cookie alone',
    async (_id, route) => {
      const { cookie, tenantId } = await world.admin()
      const before = await world.traces()
      const { params, ...call } = anyCall(route)
      // In one's own organization: whether it is one's own is asked before the token.
      const own = 'organization' in route.access ? { ...params, tenantId } : params
      const answer = await world.send(route, { ...call, params: own, as: { headers: { cookie } } })
      expect([answer.status, answer.body]).toEqual([
        403,
        expect.objectContaining({ code: 'auth.csrf_invalid' }),
      ])
      expect(await world.traces()).toEqual(before)
    },
  )
})
