import { createServiceHarness, testContext } from '@holdfast/testkit/harness'
import type { Context } from '../../../context.ts'
import { expect, it } from 'vitest'
import { createNotificationsRepo } from './repo.ts'
import { createNotifications } from './service.ts'

async function createHarness() {
  const harness = await createServiceHarness()
  const notifications = createNotifications({ ...harness, repo: createNotificationsRepo(harness.database) })
  let people = 0
  /** A stored person with these permissions; who has read what refers to the row. */
  async function person(...permissions: Parameters<typeof harness.as>): Promise<Context & { id: string }> {
    const { actor } = harness.as(...permissions)
    if (actor.kind !== 'user') throw new Error('The harness makes users.')
    const organizationId = harness.ids.uuid()
    const at = harness.clock.now().toISOString()
    await harness.database.pool.query(
      `insert into organizations (id, name, slug, created_at, updated_at) values ($1, 'Own', $3, $2, $2)`,
      [organizationId, at, `own-${organizationId}`],
    )
    await harness.database.pool.query(
      `insert into users (id, login, name, status, default_organization_id, created_at, updated_at)
       values ($1, $2, $2, 'active', $4, $3, $3)`,
      [actor.userId, `person-${++people}`, at, organizationId],
    )
    return { ...testContext(actor), id: actor.userId }
  }
  const news = { kind: 'test', title: 'Something', message: 'It happened.' }
  return { ...harness, notifications, person, news }
}

const everything = { unread: false, limit: 20 }

it('is seen by those who hold its permission, or by the one person it is for', async () => {
  const { notifications, person, news } = await createHarness()
  const manager = await person('manage_api')
  const viewer = await person('view')
  await notifications.add(manager, { ...news, permission: 'manage_api' })
  await notifications.add(manager, { ...news, title: 'Yours', userId: viewer.id })
  const titles = async (ctx: Context) =>
    (await notifications.list(ctx, everything)).rows.map(({ title }) => title)
  expect(await titles(manager)).toEqual(['Something'])
  expect(await titles(viewer)).toEqual(['Yours'])
})

it('what one has read stays unread for another, and somebody else’s is not found', async () => {
  const { notifications, person, news } = await createHarness()
  const [first, second, outsider] = [
    await person('manage_api'),
    await person('manage_api'),
    await person('view'),
  ]
  await notifications.add(first, { ...news, permission: 'manage_api' })
  const [{ id } = { id: '' }] = (await notifications.list(first, everything)).rows
  expect((await notifications.read(first, id)).isRead).toBe(true)
  expect((await notifications.list(first, { ...everything, unread: true })).rows).toEqual([])
  expect((await notifications.list(second, everything)).unread).toBe(1)
  await expect(notifications.read(outsider, id)).rejects.toMatchObject({ code: 'notifications.not_found' })
  expect([await notifications.readAll(second), await notifications.readAll(second)]).toEqual([1, 0])
})

it('expires after 90 days', async () => {
  const { notifications, person, news, clock } = await createHarness()
  const manager = await person('manage_api')
  await notifications.add(manager, { ...news, permission: 'manage_api' })
  clock.advance(89 * 86_400_000)
  await notifications.expire()
  expect((await notifications.list(manager, everything)).rows).toHaveLength(1)
  clock.advance(2 * 86_400_000)
  await notifications.expire()
  expect((await notifications.list(manager, everything)).rows).toEqual([])
})
