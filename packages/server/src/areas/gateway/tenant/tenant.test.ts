import { listTenants } from '@holdfast/contracts/gateway/tenants'
import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

describe('a tenant', () => {
  it('says what it has and which revision that is', async () => {
    const { ask, makeService, revision, tenantId } = await createTenantHarness()
    await makeService()
    const { body } = await ask('GET', '')
    expect(body).toMatchObject({
      id: tenantId,
      counts: { services: 1, routes: 0, consumers: 0 },
      lastSeen: null,
    })
    expect(body.gatewayConfigVersion).toBe(await revision())
  })

  it('its settings reach the gateways in one revision, and the same again raises none', async () => {
    const { ask, sent, revision } = await createTenantHarness()
    const before = await revision()
    expect((await ask('PATCH', '/settings', { anonymousPerMinute: 7 })).status).toBe(200)
    expect(await sent('settings')).toMatchObject([{ anonymousPerMinute: 7 }])
    expect(await revision()).toBe(before + 1)
    expect((await ask('PATCH', '/settings', { anonymousPerMinute: 7 })).status).toBe(200)
    expect(await revision()).toBe(before + 1)
  })

  it('a limit that makes no sense is refused and changes nothing', async () => {
    const { ask, revision } = await createTenantHarness()
    const before = await revision()
    expect((await ask('PATCH', '/settings', { anonymousPerMinute: 0 })).status).toBe(400)
    expect(await revision()).toBe(before)
  })
})

it('somebody sees the tenants they belong to and what they are in each, and nobody else’s', async () => {
  const { server, client, owner, tenantId } = await createTenantHarness()
  const other = await server.as('user')
  const roles = async () => (await client.call(listTenants)).map(({ id, role }) => ({ id, role }))
  expect(await roles()).toEqual([{ id: tenantId, role: 'owner' }])

  await server.database.tenant({ organizationId: other.tenantId }, async ({ tx }) => {
    const membership = { organization_id: other.tenantId, user_id: owner.user.id, role: 'member' }
    await tx
      .insertInto('organization_members')
      .values({ ...membership, created_at: server.clock.now().toISOString() })
      .execute()
  })
  expect(await roles()).toHaveLength(2)
  expect(await roles()).toContainEqual({ id: other.tenantId, role: 'member' })
  expect(await other.client.call(listTenants)).toHaveLength(1)
})
