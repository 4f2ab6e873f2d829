import { updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { stackAdmin } from '@holdfast/testkit/stack'
import { expect, it } from 'vitest'
import { describeJourney } from './journey.ts'
import { endpointOf, seedShop } from './seed.ts'
import { signInAt, visit } from './visit.ts'

describeJourney('a network rule that blocks', {}, (at) => {
  it('is written in the console, answers who would pass, and keeps a caller from elsewhere out', async () => {
    const { stack, browser } = at()
    const { page } = browser
    const admin = { url: stack.url, ...(await stack.signIn(stackAdmin.login, stackAdmin.password)) }
    const shop = await seedShop(admin)
    const { id } = endpointOf(shop.products, 'GET')
    await admin.client.call(updateEndpoint, { params: { id }, body: { accessType: 'public' } })
    expect((await fetch(`${stack.url}/api/products`)).status).toBe(200)

    await signInAt(page, stack.url)
    await visit(page, `${stack.url}/build/endpoints/${id}/network`)
    await page.getByRole('switch', { name: 'Only from certain places' }).click()
    await page.getByLabel(/^Addresses and ranges/).fill('203.0.113.0/24\nnot an address')
    await page.getByRole('button', { name: 'Save' }).click()
    await page
      .getByText(/Invalid IP or CIDR range: "not an address"/)
      .first()
      .waitFor()
    expect((await fetch(`${stack.url}/api/products`)).status).toBe(200)

    await page.getByLabel(/^Addresses and ranges/).fill('203.0.113.0/24\n2001:db8::/32')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })
    await expect.poll(async () => (await fetch(`${stack.url}/api/products`)).status).toBe(403)

    const check = async (address: string) => {
      await page.getByLabel('Address', { exact: true }).fill(address)
      await page.getByRole('button', { name: 'Check' }).click()
    }
    await check('198.51.100.7')
    await page.getByText('198.51.100.7 would be blocked.').waitFor()
    await check('2001:db8::7')
    await page.getByText('2001:db8::7 would be let in.').waitFor()

    const before = await admin.client.call(updateEndpoint, {
      params: { id },
      body: { networkAccess: { enabled: false } },
    })
    expect(before.data.networkAccess.enabled).toBe(false)
    await expect.poll(async () => (await fetch(`${stack.url}/api/products`)).status).toBe(200)
  })
})
