import { readFile } from 'node:fs/promises'
import { createGroup } from '@holdfast/contracts/identity/groups'
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

it('the trail is verified, exported, and names the entry that somebody edited in the database', {
  timeout: 180_000,
}, async () => {
  const admin = await server.as('superAdmin')
  for (const name of ['Painters', 'Packers', 'Pilots'])
    await admin.client.call(createGroup, { body: { name } })
  const { page } = await browserOf(admin, server.url)
  await visit(page, `${server.url}/admin/audit`)
  await page.getByText('Not verified yet').waitFor()
  await page.getByRole('button', { name: 'Verify now' }).click()
  await page.getByText('The trail is whole').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])

  await visit(page, `${server.url}/admin/audit?action=group.created`)
  await page.getByRole('button', { name: 'Export' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /^NDJSON/ }).click(),
  ])
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(Array(3).fill('group.created'))

  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByLabel('On what: user, group').fill('group')
  await page.waitForURL(/target_type=group/)
  await page.getByLabel('Who: login or id').fill('nobody-of-this-name')
  await page.getByRole('button', { name: 'Clear' }).first().waitFor()
  await page.getByText('Nothing matches').waitFor()
  await page.getByLabel('Who: login or id').fill(admin.user.login)
  await page.getByText('group.created', { exact: true }).first().waitFor()
  await page.getByLabel('Until', { exact: true }).fill('2020-01-01T00:00')
  await page.waitForURL(/until=2019-12-31|until=2020-01-01/)
  await page.getByText('Nothing matches').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await page.setViewportSize({ width: 1440, height: 900 })
  await visit(page, `${server.url}/admin/audit`)

  await page.getByRole('link', { name: 'Checkpoints' }).click()
  await page.getByText('They are kept on this server alone').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await page.keyboard.press('Escape')

  const { rows } = await server.database.pool.query<{ sequence: string }>(
    `select sequence from audit_entries where action = 'group.created' order by sequence limit 1`,
  )
  const edited = Number(rows[0]?.sequence)
  await server.database.pool.query(`begin; alter table audit_entries disable trigger user;
    update audit_entries set actor_name = 'somebody else' where sequence = ${edited} and action = 'group.created';
    alter table audit_entries enable trigger user; commit`)
  await page.getByRole('button', { name: 'Verify now' }).click()
  await page.getByText('The trail was tampered with').waitFor()
  await page.getByText(`first bad entry: number ${edited}`).waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
})
