import { stackAdmin } from '@holdfast/testkit/stack'
import { expect, it } from 'vitest'
import { describeJourney } from './journey.ts'
import { endpointOf, seedShop } from './seed.ts'
import { signInAt, visit } from './visit.ts'

describeJourney('automations', {}, (at) => {
  it('a handler is written, tried out and saved, and then answers', async () => {
    const { stack, browser } = at()
    const { page } = browser
    const admin = { url: stack.url, ...(await stack.signIn(stackAdmin.login, stackAdmin.password)) }
    const shop = await seedShop(admin)
    const { id } = endpointOf(shop.products, 'GET')

    await signInAt(page, stack.url)
    await visit(page, `${stack.url}/build/endpoints/${id}/code`)
    await page.getByRole('button', { name: 'Add handler' }).click()
    const editor = page.getByRole('textbox', { name: 'Code', exact: true })
    await editor.click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText(
      'async function handler(req, db) { console.log("counting"); return { data: { count: (await db.find()).length } } }',
    )
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText('counting').first().waitFor()
    await page.getByText('"count":').first().waitFor()

    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })
    await expect
      .poll(async () => {
        const response = await fetch(`${stack.url}/api/products`, {
          headers: { authorization: `Bearer ${admin.token}` },
        })
        return (await response.json()) as unknown
      })
      .toMatchObject({ success: true, data: { count: expect.any(Number) as number } })
    await page.getByRole('list', { name: 'Runs of handlers' }).getByText('Success').first().waitFor()
  })

  it('a cron job is made, run now, and shows what it wrote; a secret is added and never shown', async () => {
    const { stack, browser } = at()
    const { page } = browser
    await visit(page, `${stack.url}/build/cron/new`)
    await page.getByLabel('Name').fill('Nightly count')
    await page.getByLabel('Schedule').fill('0 3 * * *')
    await expect
      .poll(() => page.getByRole('list', { name: 'Next runs' }).getByRole('listitem').count())
      .toBe(5)
    const editor = page.getByRole('textbox', { name: 'Code', exact: true })
    await editor.click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText('async function run() { console.log("counted"); return "all done" }')
    await page.getByRole('button', { name: 'Try it' }).click()
    const tried = page.getByRole('status').filter({ hasText: 'Done' })
    await tried.getByText('counted').waitFor()
    await page.getByRole('button', { name: 'Create cron job' }).click()
    await page.getByText('Nightly count').first().click()
    await page.getByRole('button', { name: 'Run now' }).click()
    const runs = page.getByRole('list', { name: 'Runs of this job' })
    await runs.getByText('all done').first().click()
    await runs.getByText('counted').waitFor()

    await visit(page, `${stack.url}/build/secrets`)
    await page.getByRole('button', { name: 'Add secret' }).first().click()
    await page.getByLabel('Name').fill('SHOP_KEY')
    await page.getByLabel('Value').fill('sk_live_never_shown')
    await page.getByRole('dialog').getByRole('button', { name: 'Add secret' }).click()
    await page.getByRole('table', { name: 'Secrets' }).getByText('SHOP_KEY').waitFor()
    expect(await page.content()).not.toContain('sk_live')
  })
})
