import { createGroup } from '@holdfast/contracts/identity/groups'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { startReceiver } from '@holdfast/testkit/receiver'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { browserOf } from './signed-in.ts'
import { visit } from './visit.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
})
afterAll(() => server.stop())

it('a webhook is added, tested, watched, sent again and enabled after it was disabled', {
  timeout: 180_000,
}, async () => {
  const receiver = await startReceiver()
  onTestFinished(receiver.stop)
  const admin = await server.as('superAdmin')
  const { page } = await browserOf(admin, server.url)
  const findings = async () => accessibilityFindings(page)

  await visit(page, `${server.url}/admin/webhooks`)
  expect(await findings()).toEqual([])
  await page.getByRole('link', { name: 'Add webhook' }).first().click()
  await page.getByLabel('Name').fill('Shop')
  await page.getByLabel('Address').fill('http://169.254.169.254/')
  await page.getByLabel('Events').fill('group.created')
  await page.getByRole('option', { name: /^group\.created/ }).click()
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByText('is a link-local or cloud metadata address').first().waitFor()
  expect(await findings()).toEqual([])
  await page.getByLabel('Address').fill(receiver.url)
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByText('whsec_').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('heading', { name: 'Shop' }).waitFor()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('The receiver answered 200').first().waitFor()

  receiver.answer(410)
  await admin.client.call(createGroup, { body: { name: 'Packers' } })
  await page.getByText('The receiver answered 410: the address is gone.').waitFor()
  expect(await findings()).toEqual([])
  receiver.answer(200)
  await page.getByRole('button', { name: 'Enable' }).click()
  await page.getByText('Healthy').or(page.getByText('Not used yet')).waitFor()

  await page.getByText('group.created').first().click()
  await page.getByRole('button', { name: 'Send again' }).click()
  await until(() => receiver.received.filter(({ body }) => body.includes('Packers')).length === 2)
  await page.getByText('Delivered').first().waitFor()
  expect(await findings()).toEqual([])
  await page.keyboard.press('Escape')

  await visit(page, server.url)
  await page.getByRole('button', { name: 'Notifications, 1 unread' }).click()
  await page.getByText('The webhook Shop was disabled').click()
  await page.getByRole('heading', { name: 'Shop' }).waitFor()
  await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor()
})
