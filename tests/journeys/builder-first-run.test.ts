import { accessibilityFindings } from '@holdfast/testkit/browser'
import { expect, it } from 'vitest'
import { describeJourney } from './journey.ts'
import { visit, whenStill } from './visit.ts'

const password = 'correct horse battery staple'

describeJourney('first run to first record', { firstRun: true }, (at) => {
  it('leads from an empty installation through the wizard to a record that an application can read', async () => {
    const { stack, browser } = at()
    const { page } = browser
    await visit(page, stack.url)
    expect(new URL(page.url()).pathname).toBe('/welcome')
    expect(await accessibilityFindings(page)).toEqual([])

    await page.getByLabel('Your name').fill('Ada Lovelace')
    await page.getByLabel('Login').fill('ada')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('The same again').fill(password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Where does this run?' }).waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('radio', { name: /An API/ }).click()
    await page.getByRole('button', { name: 'Finish' }).click()
    await page.getByRole('heading', { name: 'It is yours.' }).waitFor()
    expect(await accessibilityFindings(page)).toEqual([])

    await page.goto(`${stack.url}/build/new`)
    await page.getByLabel('What is one record?').fill('Book')
    await expect.poll(() => page.getByLabel('Path', { exact: true }).inputValue()).toBe('/api/books')
    await page.getByLabel('Name of the field').fill('title')
    await page.getByRole('button', { name: 'Add field' }).click()
    await page.getByLabel('Name of the field').nth(1).fill('pages')
    await page.getByLabel('Type of pages').click()
    await page.getByRole('option', { name: /Number/ }).click()
    await page.getByRole('button', { name: 'Create API' }).click()
    await page.getByRole('heading', { name: 'Read Book' }).waitFor()

    await page.getByRole('link', { name: 'Records' }).click()
    await page.getByRole('heading', { name: 'No records yet' }).waitFor()
    await page
      .getByRole('link', { name: /Add\s*record/ })
      .first()
      .click()
    await page.getByLabel('title').fill('Notes on the Analytical Engine')
    await page.getByLabel(/^pages/).fill('66')
    await page.getByRole('button', { name: 'Add record' }).click()
    await page.getByRole('gridcell', { name: 'Notes on the Analytical Engine' }).waitFor()
    await whenStill(page)
    expect(await accessibilityFindings(page)).toEqual([])

    const { token } = await stack.signIn('ada', password)
    const answer = await fetch(`${stack.url}/api/books`, { headers: { authorization: `Bearer ${token}` } })
    expect(await answer.json()).toMatchObject({
      data: [{ title: 'Notes on the Analytical Engine', pages: 66 }],
      meta: { total: 1 },
    })
  })
})
