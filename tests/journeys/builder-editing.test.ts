import { stackAdmin } from '@holdfast/testkit/stack'
import { expect, it } from 'vitest'
import { describeJourney } from './journey.ts'
import { createRecords, endpointOf, seedShop } from './seed.ts'
import { signInAt, visit } from './visit.ts'

describeJourney('editing by keyboard', {}, (at) => {
  it('changes a value in the sheet, follows others live, moves a field, and takes one away only after saying what it holds', async () => {
    const { stack, browser } = at()
    const { page } = browser
    const admin = { url: stack.url, ...(await stack.signIn(stackAdmin.login, stackAdmin.password)) }
    const shop = await seedShop(admin)
    const readOne = async (): Promise<Record<string, unknown>> => {
      const answer = await fetch(`${stack.url}/api/products?limit=1`, {
        headers: { authorization: `Bearer ${admin.token}` },
      })
      const { data } = (await answer.json()) as { data: Record<string, unknown>[] }
      return data[0] ?? {}
    }
    await signInAt(page, stack.url)
    await visit(page, `${stack.url}/build/records/${endpointOf(shop.products, 'GET').id}`)

    const title = page.locator('[data-cell="0:2"]')
    const before = await title.innerText()
    await title.focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('New value of title').fill('Not this')
    await page.keyboard.press('Escape')
    await expect.poll(() => title.innerText()).toBe(before)
    await page.keyboard.press('Enter')
    await page.getByLabel('New value of title').fill('Copper kettle')
    await page.keyboard.press('Enter')
    await expect.poll(() => title.innerText()).toBe('Copper kettle')
    expect((await readOne())['title']).toBe('Copper kettle')

    await createRecords(admin, '/api/products', [{ title: 'Made elsewhere', price: 1, category: 'Garden' }])
    await expect.poll(() => title.innerText()).toBe('Made elsewhere')
    await page.getByText('241 records').waitFor()

    const { id } = await readOne()
    await title.focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('New value of title').fill('Too late')
    const change = await fetch(`${stack.url}/api/products/${String(id)}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Changed first' }),
    })
    expect(change.status).toBe(200)
    await page.keyboard.press('Enter')
    await page.getByText('Somebody else changed this record while you were editing it').waitFor()
    expect((await readOne())['title']).toBe('Changed first')
    await page.getByRole('button', { name: 'Reload' }).click()
    await expect.poll(() => title.innerText()).toBe('Changed first')

    await visit(page, `${stack.url}/build/endpoints/${endpointOf(shop.products, 'POST').id}`)
    const names = () =>
      page
        .getByLabel('Name of the field')
        .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))
    expect((await names()).slice(0, 2)).toEqual(['title', 'price'])
    await page.getByRole('button', { name: 'Move title', exact: true }).focus()
    await page.keyboard.press('Space')
    await page.getByText('title is over place 1.').waitFor({ state: 'attached' })
    await page.keyboard.press('ArrowDown')
    await page.getByText('title is over place 2.').waitFor({ state: 'attached' })
    await page.keyboard.press('Space')
    await expect.poll(async () => (await names()).slice(0, 2)).toEqual(['price', 'title'])

    await page.getByRole('button', { name: 'Remove category' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('category holds a value in 241 records.').waitFor()
    await page.getByRole('button', { name: 'Save anyway' }).click()
    await page.getByText(/Removed category/).waitFor()
    await expect.poll(async () => 'category' in (await readOne())).toBe(false)
  })
})
