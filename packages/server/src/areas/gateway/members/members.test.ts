import { updateUser, deleteUser } from '@holdfast/contracts/identity/users'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

describe('members at the gateway', () => {
  it('a member is known, not while they may not sign in, and not after they were deleted', async () => {
    const { server, owner, sent } = await createTenantHarness()
    const { client } = await server.as('superAdmin')
    const { id } = owner.user
    expect(await sent('member')).toEqual([{ id }])
    const set = (status: 'active' | 'inactive') =>
      client.call(updateUser, { params: { id }, body: { status } })
    await set('inactive')
    await until(async () => (await sent('member')).length === 0)
    await set('active')
    await until(async () => (await sent('member')).length === 1)
    await client.call(deleteUser, { params: { id } })
    await until(async () => (await sent('member')).length === 0)
  })

  it('nobody is known to the gateways of an organization that is not theirs', async () => {
    const { server, owner, sent } = await createTenantHarness()
    const other = await server.as('user')
    expect(await sent('member', other.tenantId)).toEqual([{ id: other.user.id }])
    expect(await sent('member')).toEqual([{ id: owner.user.id }])
  })
})
