import { updateConfig } from '@holdfast/contracts/platform/config'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { browserOf } from './signed-in.ts'
import { visit } from './visit.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer({ HOLDFAST_SETTINGS: '{"endpointsPerPage":12}' })
})
afterAll(() => server.stop())

const timeout = 180_000

it('a key of the configuration is changed with a reason, and goes back to what it was', {
  timeout,
}, async () => {
  const admin = await server.as('superAdmin')
  await admin.client.call(updateConfig, { body: { key: 'shop.open', value: 'early', reason: 'Summer' } })
  const { page } = await browserOf(admin, server.url)
  await visit(page, `${server.url}/admin/config?search=shop`)
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByText('shop.open').click()
  await page.getByLabel('Value').fill('late')
  await page.getByLabel('Why').fill('Winter is coming')
  await page.getByRole('button', { name: 'Save' }).click()
  const history = page.getByRole('region', { name: 'History' })
  await history.getByText('Winter is coming').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await history.getByRole('button', { name: 'Go back to this' }).click()
  await page.getByRole('button', { name: 'Go back', exact: true }).click()
  await history.getByText('late → early').waitFor()
  expect(await page.getByLabel('Value').inputValue()).toBe('early')

  await visit(page, `${server.url}/admin/config/endpointsPerPage`)
  await page.getByText('The environment of the server sets this.').waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)

  await visit(page, `${server.url}/admin/config/new`)
  await page.getByRole('textbox', { name: 'Key', exact: true }).fill('mail.password')
  await page.getByLabel('Value').fill('nobody-sees-this')
  await page.getByRole('checkbox', { name: 'Secret' }).check()
  await page.getByRole('button', { name: 'Add key' }).click()
  await page.getByText('A secret: a value is stored and never shown.').waitFor()
  expect(await page.content()).not.toContain('nobody-sees-this')
})

it('a plugin is registered, comes alive, is configured, disabled and removed', { timeout }, async () => {
  const admin = await server.as('superAdmin')
  const { page } = await browserOf(admin, server.url)
  const findings = async () => accessibilityFindings(page)
  await visit(page, `${server.url}/admin/plugins/new`)
  const manifest = page.getByRole('textbox', { name: 'Manifest' })
  await manifest.fill('{ "name": "Scanner", "version": "one" }')
  await page.getByRole('button', { name: 'Register plugin' }).click()
  await page.getByText('version must be a semantic version such as 1.0.0').waitFor()
  expect(await findings()).toEqual([])
  await manifest.fill('{ "name": "Scanner", "version": "1.0.0", "scopes": ["records:read"] }')
  await page.getByRole('button', { name: 'Register plugin' }).click()
  const token = await page.getByRole('region', { name: 'Token of the plugin' }).locator('code').innerText()
  expect(await findings()).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()

  await page.getByText('Nothing was heard of it yet').waitFor()
  expect(await page.content()).not.toContain(token)
  const beat = await createAsk(server.url)('POST', '/api/plugins/scanner/heartbeat', {
    headers: { authorization: `Bearer ${token}` },
    body: {},
  })
  expect(beat.status).toBe(200)
  await page.getByText('Active', { exact: true }).waitFor()
  expect(await findings()).toEqual([])

  await page.getByRole('link', { name: 'Change configuration' }).click()
  await page.getByRole('textbox', { name: 'Configuration' }).fill('{ "depth": 3, "api_key": "hidden-key" }')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('A secret is stored').waitFor()
  expect(await page.content()).not.toContain('hidden-key')

  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByText('Disabled', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByRole('textbox').fill('scanner')
  await page.getByRole('button', { name: 'Remove plugin' }).click()
  await page.getByText('No plugins yet').waitFor()
  expect(await findings()).toEqual([])
})
