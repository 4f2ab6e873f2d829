import { createServiceHarness } from '@holdfast/testkit/harness'
import { describe, expect, it } from 'vitest'
import { createEventsRepo } from '../../../work/events/repo.ts'
import { createEvents } from '../../../work/events/service.ts'
import { createUsersRepo } from '../users/repo.ts'
import { createOrganizationsRepo } from './repo.ts'
import { createOrganizations } from './service.ts'

async function createHarness() {
  const harness = await createServiceHarness()
  const { database, clock, ids, as } = harness
  const events = createEvents({ repo: createEventsRepo(database), clock, ids })
  const organizations = createOrganizations({
    repo: createOrganizationsRepo(database),
    issueGatewayKey: async () => 'hfg_key',
    events,
    clock,
    ids,
  })
  const users = createUsersRepo(database)
  /** A person with an organization of their own; answers its id. */
  const found = (login: string) =>
    database.transaction(as(), async (tx) => {
      const organization = await organizations.createPersonal(tx, { name: login })
      const user = {
        id: ids.uuid(),
        login,
        email: null,
        name: login,
        status: 'active' as const,
        passwordHash: null,
      }
      await users.insert(tx, { ...user, organizationId: organization.id }, clock.now())
      await organizations.own(tx, organization.id, user.id)
      return organization.id
    })
  const membersSeenFrom = (organizationId: string) =>
    database.tenant({ ...as(), organizationId }, (tx) =>
      tx.tx.selectFrom('organization_members').select('organization_id').execute(),
    )
  return { ...harness, found, membersSeenFrom }
}

describe('organizations', () => {
  it('members of one organization are not seen from another, nor from none', async () => {
    const { database, found, membersSeenFrom } = await createHarness()
    const [mine, theirs] = [await found('ada'), await found('grace')]
    expect(await membersSeenFrom(mine)).toEqual([{ organization_id: mine }])
    expect(await membersSeenFrom(theirs)).toEqual([{ organization_id: theirs }])
    expect(await database.kysely.selectFrom('organization_members').selectAll().execute()).toEqual([])
  })

  it('nothing can be written into another organization', async () => {
    const { database, found, as, clock } = await createHarness()
    const [mine, theirs] = [await found('ada'), await found('grace')]
    const row = {
      organization_id: theirs,
      user_id: crypto.randomUUID(),
      role: 'member',
      created_at: clock.now().toISOString(),
    }
    const attempt = database.tenant({ ...as(), organizationId: mine }, (tx) =>
      tx.tx.insertInto('organization_members').values(row).execute(),
    )
    await expect(attempt).rejects.toThrow('row-level security')
  })

  it('two people of the same name have organizations with different addresses', async () => {
    const { database, found } = await createHarness()
    await found('ada')
    await database.kysely.updateTable('users').set({ login: 'ada-before' }).execute()
    await found('ada')
    const slugs = await database.kysely.selectFrom('organizations').select('slug').execute()
    expect(new Set(slugs.map(({ slug }) => slug)).size).toBe(2)
  })
})
