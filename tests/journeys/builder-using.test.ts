import { readFile } from 'node:fs/promises'
import { updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpointOf, seedShop, type Shop } from './seed.ts'
import { browserOf } from './signed-in.ts'
import { visit } from './visit.ts'

const timeout = 180_000

describe('somebody who works with an API that is there', { timeout }, () => {
  let server: TestServer
  let shop: Shop
  let admin: TestUser
  beforeAll(async () => {
    ensureConsoleBuilt()
    server = await startTestServer()
    admin = await server.as('superAdmin')
    shop = await seedShop({ url: server.url, client: admin.client, token: admin.accessToken })
  }, timeout)
  afterAll(() => server.stop())

  it('filters records, finds the filter in the address after a reload, and exports what it shows', async () => {
    const { page } = await browserOf(admin, server.url)
    await visit(page, `${server.url}/build/records/${endpointOf(shop.products, 'GET').id}`)
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByLabel('Value').fill('Desk lamp')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByRole('button', { name: 'Remove the filter on title' }).waitFor()
    expect(new URL(page.url()).searchParams.get('where')).toContain('Desk lamp')
    await page.reload()
    await page.getByRole('button', { name: 'Remove the filter on title' }).waitFor()
    await page.locator('[data-cell="1:0"]').waitFor({ state: 'detached' })

    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('products.csv')
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('Desk lamp')
    await page.getByText(/1 record exported/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

    await page.getByRole('button', { name: 'Clear' }).click()
    const all = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'NDJSON, one record per line' }).click()
    await page.getByText(/240 records exported/).waitFor()
    const rows = (await readFile(await (await all).path(), 'utf8')).trim().split('\n')
    expect(
      new Set(rows.map((row) => (JSON.parse(row) as { title: string; addedOn: string }).addedOn)).size,
    ).toBe(240)
  })

  it('points a record at another one by its name', async () => {
    const { page } = await browserOf(admin, server.url)
    const record = `/build/records/${endpointOf(shop.products, 'GET').id}/${shop.recordId}`
    await visit(page, server.url + record)
    const picker = page.getByRole('dialog').getByRole('combobox', { name: /^supplier/ })
    await picker.fill('Old Mill')
    await page.getByRole('option', { name: /Old Mill/ }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const answer = await fetch(`${server.url}/api/products/${shop.recordId}?populate=supplier`, {
      headers: admin.headers,
    })
    expect(await answer.json()).toMatchObject({ data: { supplier: { name: 'Old Mill' } } })
  })

  it('tries an endpoint as if from elsewhere, and reads how to call it', async () => {
    const { page } = await browserOf(admin, server.url)
    const { id } = endpointOf(shop.products, 'GET')
    await admin.client.call(updateEndpoint, {
      params: { id },
      body: {
        networkAccess: {
          enabled: true,
          allowedDomains: ['*.example.com'],
          allowedIpRanges: ['203.0.113.0/24'],
        },
      },
    })
    await visit(page, `${server.url}/build/endpoints/${id}/try`)
    await page.getByRole('checkbox', { name: 'Apply the network rules' }).click()
    for (const [address, origin, status] of [
      ['198.51.100.1', '', '403'],
      ['203.0.113.7', '', '200'],
      ['198.51.100.1', 'https://example.org', '403'],
      ['198.51.100.1', 'https://app.example.com', '200'],
    ] as const) {
      await page.getByLabel('As if from the address').fill(address)
      await page.getByLabel('As if from the origin').fill(origin)
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText(status, { exact: true }).waitFor()
    }
    await visit(page, `${server.url}/build/endpoints/${id}/docs`)
    await page.getByText(`curl`).first().waitFor()
    expect(await page.getByRole('tabpanel').innerText()).toContain(`${server.url}/api/products`)
    await page.getByRole('tab', { name: 'TypeScript' }).click()
    await page.getByRole('tabpanel').getByText('fetch(').waitFor()
  })

  it('reaches a page from the keyboard', async () => {
    const { page } = await browserOf(admin, server.url)
    await visit(page, `${server.url}/build`)
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Pages, actions, people, groups').fill('cron')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL((address) => address.pathname !== '/build')
    expect(new URL(page.url()).pathname).toBe('/build/cron')
  })
})
