import { ensureConsoleBuilt } from '@holdfast/testkit/browser'
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

it('somebody makes a backup, sees it verified, and is told what a restore does before it can begin', {
  timeout: 180_000,
}, async () => {
  const { page } = await browserOf(await server.as('superAdmin'), server.url, { viewport: 'desk' })
  await visit(page, `${server.url}/admin/backups`)
  await page.getByText('There is no backup yet').waitFor()
  await page.getByRole('button', { name: 'Back up now' }).first().click()
  await page.getByRole('button', { name: 'Back up', exact: true }).click()
  await page.getByText('Verified').waitFor({ timeout: 60_000 })

  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByText('Everybody is signed out').waitFor()
  const restore = page.getByRole('alertdialog').getByRole('button', { name: 'Restore' })
  expect(await restore.isDisabled()).toBe(true)
  await page.getByLabel('Type restore to confirm').fill('restore')
  expect(await restore.isEnabled()).toBe(true)
  await page.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete backup' }).click()
  await page.getByText('There is no backup yet').waitFor()
})
