import { createServiceHarness } from '@holdfast/testkit/harness'
import { describe, expect, it } from 'vitest'
import { createEventsRepo } from '../../../work/events/repo.ts'
import { createEvents } from '../../../work/events/service.ts'
import { createAuditRepo } from '../../platform/audit/repo.ts'
import { createAuditLog } from '../../platform/audit/service.ts'
import { createAccessRepo, createTokenAccessRepo } from '../access/repo.ts'
import { createGuesses } from '../access/guesses.ts'
import { createAccess } from '../access/service.ts'
import { createTokenAccess } from '../access/tokens.ts'
import { createGroupsRepo } from './repo.ts'
import { systemGroupIds } from './rules.ts'
import { createGroups } from './service.ts'

async function createHarness() {
  const harness = await createServiceHarness()
  const { database, clock, ids } = harness
  const audit = createAuditLog({ repo: createAuditRepo(database), database, clock, ids })
  const events = createEvents({ repo: createEventsRepo(database), clock, ids })
  const access = createAccess({
    repo: createAccessRepo(database),
    tokens: { isVerified: () => false, verify: async () => null },
    apiTokens: createTokenAccess({ repo: createTokenAccessRepo(database), clock, onUse: () => undefined }),
    guesses: createGuesses({ clock, rule: () => ({ guessesMax: 10, windowMs: 60_000 }) }),
    clock,
  })
  const groups = createGroups({
    repo: createGroupsRepo(database),
    access,
    database,
    audit,
    events,
    clock,
    ids,
  })
  const traces = async () => ({
    audit: (await database.kysely.selectFrom('audit_entries').select('action').execute()).length,
    events: (await database.kysely.selectFrom('events').select('type').execute()).map(({ type }) => type),
  })
  return { ...harness, groups, traces }
}

describe('groups', () => {
  it('a new group is listed with what it was given, audited and announced', async () => {
    const { groups, as, traces } = await createHarness()
    const ctx = as('manage_users', 'view')
    const group = await groups.create(ctx, { name: 'Support', description: 'Helps', permissions: ['view'] })
    expect(await groups.list(ctx)).toContainEqual(group)
    expect(group).toMatchObject({ name: 'Support', permissions: ['view'], isSystem: false, userCount: 0 })
    expect(await traces()).toEqual({ audit: 1, events: ['group.created'] })
  })

  it('a name that differs only in case is refused and leaves no trace', async () => {
    const { groups, as, traces } = await createHarness()
    const attempt = groups.create(as('manage_users'), {
      name: 'super ADMIN',
      description: '',
      permissions: [],
    })
    await expect(attempt).rejects.toMatchObject({ code: 'groups.name_taken' })
    expect(await traces()).toEqual({ audit: 0, events: [] })
  })

  it('a system group cannot be changed or removed', async () => {
    const { groups, as, traces } = await createHarness()
    const ctx = as('manage_users')
    const update = groups.update(ctx, systemGroupIds.user, { permissions: ['manage_users'] })
    await expect(update).rejects.toMatchObject({ code: 'groups.system_protected' })
    await expect(groups.remove(ctx, systemGroupIds.admin)).rejects.toMatchObject({
      code: 'groups.system_protected',
    })
    expect(await traces()).toEqual({ audit: 0, events: [] })
  })

  it('a removed group is gone', async () => {
    const { groups, as } = await createHarness()
    const ctx = as('manage_users')
    const { id } = await groups.create(ctx, { name: 'Passing', description: '', permissions: [] })
    await groups.remove(ctx, id)
    await expect(groups.get(ctx, id)).rejects.toMatchObject({ code: 'groups.not_found' })
  })
})
