import { listTenants } from '@holdfast/contracts/gateway/tenants'
import { expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

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
