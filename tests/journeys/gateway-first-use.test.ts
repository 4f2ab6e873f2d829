import { accessibilityFindings } from '@holdfast/testkit/browser'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../processes/gateway-process.ts'
import { startUpstream } from '../processes/gateway-tenant.ts'
import { describeJourney } from './journey.ts'
import { signInAt, visit } from './visit.ts'

describeJourney('a gateway of one’s own', {}, (at) => {
  it('is started, given a route and a consumer, watched at work, and refuses a key that was revoked', async () => {
    const { stack, browser } = at()
    const { page } = browser
    const upstream = await startUpstream((_request, response) => response.end('an order'))
    let gateway: GatewayProcess | undefined
    try {
      await signInAt(page, stack.url)
      const key = await createGatewayKey(page, stack.url)
      gateway = await startGatewayProcess({ server: stack.url, key })
      await page.getByText('1 gateway connected').waitFor()

      await createService(page, stack.url, 'Orders', upstream.url)
      await createRoute(page, '/orders', 'Orders')
      const apiKey = await createConsumer(page, stack.url, 'Mobile app')
      const ask = async (path: string) =>
        (await fetch(gateway?.url() + path, { headers: { 'x-api-key': apiKey } })).status
      await expect.poll(() => ask('/orders/7')).toBe(200)

      await testMatches(page, stack.url)
      await followLog(page, stack.url, () => ask('/orders/seen-live'))

      upstream.stop()
      expect(await ask('/orders/nobody-there')).toBe(502)
      await resolveError(page, stack.url, '/orders/nobody-there')

      await revokeConsumer(page, stack.url, 'Mobile app')
      expect(await ask('/orders/7')).toBe(401)
    } finally {
      await gateway?.remove()
      upstream.stop()
    }
  })
})

async function createGatewayKey(page: Page, url: string): Promise<string> {
  await visit(page, `${url}/gateway/overview`)
  await page.getByText('No gateway connected').waitFor()
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Frankfurt')
  await page.getByRole('button', { name: 'Create key' }).click()
  const key = await secretIn(page, 'Gateway key')
  expect(key).toMatch(/^hfg_/)
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('cell', { name: 'Frankfurt', exact: true }).waitFor()
  return key
}

async function createService(page: Page, url: string, name: string, target: string): Promise<void> {
  await visit(page, `${url}/gateway/services`)
  await page.getByRole('link', { name: 'New service' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Address 1', { exact: true }).fill('ftp://files')
  await page.getByRole('button', { name: 'Create service' }).click()
  await page.getByText(/http/).and(page.locator('[class*=text-bad]')).first().waitFor()
  await page.getByLabel('Address 1', { exact: true }).fill(target)
  await page.getByRole('button', { name: 'Create service' }).click()
  await page.getByRole('cell', { name, exact: true }).waitFor()
}

/** From the map, which shows a service that nobody leads to yet. */
async function createRoute(page: Page, path: string, service: string): Promise<void> {
  await page.getByRole('link', { name: 'Map', exact: true }).click()
  await page.getByText('No route leads here.').waitFor()
  await page.getByRole('link', { name: 'Routes', exact: true }).click()
  await page.getByRole('link', { name: 'New route' }).first().click()
  await page.getByLabel('Path', { exact: true }).fill(path)
  await page.getByRole('dialog').getByRole('combobox', { name: 'Service' }).click()
  await page.getByRole('option', { name: new RegExp(`^${service}`) }).click()
  await page.getByRole('button', { name: 'Create route' }).click()
  await page.getByRole('cell', { name: `ANY ${path}` }).waitFor()
}

async function createConsumer(page: Page, url: string, name: string): Promise<string> {
  await visit(page, `${url}/gateway/consumers/new`)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Create consumer' }).click()
  const apiKey = await secretIn(page, 'API key')
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('cell', { name, exact: true }).waitFor()
  expect(await page.content()).not.toContain(apiKey)
  return apiKey
}

async function testMatches(page: Page, url: string): Promise<void> {
  await visit(page, `${url}/gateway/routes`)
  const address = page.getByLabel('Address of the request')
  await address.fill('/orders/7/invoice?page=2')
  await page.getByText('answers, and asks Orders. It wants a key.').waitFor()
  await address.fill('/ordersandmore')
  await page.getByText('None: the gateway answers 404.').waitFor()
  await address.fill('/orders/../admin')
  await page.getByText(/The gateway refuses this path with 400/).waitFor()
}

async function followLog(page: Page, url: string, ask: () => Promise<number>): Promise<void> {
  await visit(page, `${url}/gateway/logs?live=on`)
  await page.getByText('Live', { exact: true }).waitFor()
  expect(await ask()).toBe(200)
  const row = page.getByRole('row').filter({ hasText: '/orders/seen-live' })
  await row.filter({ hasText: 'Mobile app' }).waitFor()
  await row.click()
  await page
    .getByRole('dialog', { name: 'GET /orders/seen-live' })
    .getByText('Orders', { exact: true })
    .waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await page.keyboard.press('Escape')
}

async function resolveError(page: Page, url: string, path: string): Promise<void> {
  await visit(page, `${url}/gateway/errors`)
  const row = page.getByRole('row').filter({ hasText: path })
  await row.getByRole('button', { name: 'Resolve' }).click()
  await page.getByText('1 error dealt with').waitFor()
  await row.waitFor({ state: 'detached' })
  await visit(page, `${url}/gateway/errors?show=resolved`)
  await row.getByRole('button', { name: 'Open again' }).waitFor()
}

async function revokeConsumer(page: Page, url: string, name: string): Promise<void> {
  await visit(page, `${url}/gateway/consumers`)
  await page.getByRole('cell', { name, exact: true }).click()
  await page.getByText('Last 24 hours').waitFor()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByText(/Every connected gateway refuses its key as soon as it has the change/).waitFor()
  await page.getByLabel(`Type ${name} to confirm`).fill(name)
  await page.getByRole('button', { name: 'Revoke consumer' }).click()
  await page.getByText(`${name} is revoked`).waitFor()
}

async function secretIn(page: Page, label: string): Promise<string> {
  const region = page.getByRole('region', { name: label })
  await region.waitFor()
  return region.locator('code').innerText()
}
