import { randomUUID } from 'node:crypto'
import { clearActivity } from '@holdfast/contracts/platform/activity'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { browserOf } from './signed-in.ts'
import { visit } from './visit.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer()
})
afterAll(() => server.stop())

const timeout = 90_000
/** Activity is written in batches; by the server's clock, which stands still in tests, they go out within this time. */
const activityFlushMs = 2_000

/** A running import of this user, as the operations service would have written it, and a way to move it on. */
async function runningImport(userId: string) {
  const id = randomUUID()
  await server.database.pool.query(
    `insert into operations (id, kind, state, target_type, created_by, created_at, updated_at)
     values ($1, 'records.import', 'running', 'endpoint', $2, now(), now())`,
    [id, userId],
  )
  return (set: string) =>
    server.database.pool.query(
      `with changed as (update operations set ${set}, version = version + 1 where id = $1 returning id)
       select pg_notify('holdfast_operations', id::text) from changed`,
      [id],
    )
}

it('an operation moves on the screen as it moves on the server, until it is canceled', {
  timeout,
}, async () => {
  const person = await server.as('editor')
  const change = await runningImport(person.user.id)
  const { page } = await browserOf(person, server.url)
  await visit(page, `${server.url}/admin/operations`)
  const card = page.getByRole('region', { name: 'Import records' })
  await card.getByText('Running').waitFor()
  await change(`progress_done = 1200, progress_total = 5000`)
  await card.getByText('1,200 of 5,000').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await card.getByRole('button', { name: 'Cancel' }).click()
  await change(`state = 'cancelled', finished_at = now()`)
  await card.getByText('Canceled').waitFor()
  expect(await card.getByRole('button', { name: 'Cancel' }).count()).toBe(0)
})

it('an operation that failed says why', { timeout }, async () => {
  const person = await server.as('editor')
  const change = await runningImport(person.user.id)
  const problem = JSON.stringify({ code: 'records.import_unreadable', error: 'Line 3 is not JSON.' })
  await change(`state = 'failed', finished_at = now(), problem = '${problem}'`)
  const { page } = await browserOf(person, server.url, { viewport: 'phone' })
  await visit(page, `${server.url}/admin/operations`)
  await page.getByRole('alert').getByText('Line 3 is not JSON.').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
})

it('what happens appears on the home page and in the activity log without a reload', {
  timeout,
}, async () => {
  const admin = await server.as('superAdmin')
  const person = await server.as('viewer')
  const { page } = await browserOf(admin, server.url)
  await visit(page, server.url)
  await admin.client.call(clearActivity)
  server.clock.advance(activityFlushMs)
  await page.getByRole('listitem').getByText('Cleared the activity log').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])

  await page.getByRole('link', { name: 'Show all' }).click()
  await page.getByRole('row', { name: /Cleared the activity log/ }).waitFor()
  await server.signIn(person.user.login)
  server.clock.advance(activityFlushMs)
  await page.getByRole('row', { name: /Sign-in/ }).waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
})
