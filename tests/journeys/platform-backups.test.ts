import { createGroup } from '@holdfast/contracts/identity/groups'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { administrator, createRunningServer } from '../processes/running-server.ts'
import { browserOf, freshBrowser } from './signed-in.ts'
import { signInAt, visit } from './visit.ts'

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

  // The same console, behind a proxy that gives it a path of its own.
  const prefix = '/tools/holdfast'
  await page.route(`**${prefix}/**`, (route) =>
    route.continue({ url: route.request().url().replace(prefix, '') }),
  )
  await visit(page, `${server.url}${prefix}/admin/backups`)
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  const download = await downloading
  expect(new URL(download.url()).pathname).toContain(`${prefix}/api/config/backups/`)
  expect(download.suggestedFilename()).toMatch(/\.tar\.gz$/)
  await page.unroute(`**${prefix}/**`)
  await visit(page, `${server.url}/admin/backups`)

  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete backup' }).click()
  await page.getByText('There is no backup yet').waitFor()
})

it('a restore takes everybody back to the moment of the backup, and asks them to sign in', {
  timeout: 180_000,
}, async () => {
  const running = await createRunningServer()
  onTestFinished(() => running.remove())
  await running.start()
  const { login, password } = administrator
  const passphrase = 'correct horse battery staple'
  const client = await running.client()
  await client.call(createGroup, { body: { name: 'Before', permissions: [] } })

  const { page } = await freshBrowser({ viewport: 'desk' })
  await signInAt(page, running.url, login, password)
  await visit(page, `${running.url}/admin/backups`)
  await page.getByRole('button', { name: 'Back up now' }).first().click()
  await page.getByLabel('Passphrase').fill(passphrase)
  await page.getByRole('button', { name: 'Back up', exact: true }).click()
  await page.getByText('Verified').waitFor({ timeout: 60_000 })
  await client.call(createGroup, { body: { name: 'After', permissions: [] } })

  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByLabel('Type restore to confirm').fill('restore')
  await page.getByLabel('Passphrase').fill(passphrase)
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click()
  await page.waitForURL((address) => address.pathname.includes('sign-in'), { timeout: 60_000 })

  await signInAt(page, running.url, login, password)
  await visit(page, `${running.url}/admin/groups`)
  await page.getByText('Before', { exact: true }).first().waitFor()
  expect(await page.getByText('After', { exact: true }).count()).toBe(0)
  await visit(page, `${running.url}/admin/backups`)
  await page.getByText('Verified').waitFor()
})
