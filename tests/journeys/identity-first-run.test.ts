import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshBrowser } from './signed-in.ts'
import { signInAt } from './visit.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer()
})
afterAll(() => server.stop())

const password = 'a lamp beside the window'

it('the first run makes the administrator, signs them in, and is then closed', {
  timeout: 90_000,
}, async () => {
  const { page } = await freshBrowser()
  await page.goto(server.url)
  await page.getByRole('heading', { name: 'Welcome. Who are you?' }).waitFor()

  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('Must not be empty').waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('name')

  // By keyboard alone.
  await page.keyboard.type('Ada Lovelace')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('The same again').fill(password)
  expect(await accessibilityFindings(page)).toEqual([])
  await page.keyboard.press('Enter')

  await page.getByLabel('Name of this installation').fill('Engine Room')
  expect(await accessibilityFindings(page)).toEqual([])
  await page.keyboard.press('Enter')

  await page.getByRole('radio', { name: /A gateway/ }).click()
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Finish' }).click()

  await page.getByRole('heading', { name: 'It is yours.' }).waitFor()
  expect(await page.getByRole('main').getByRole('listitem').getByRole('link').count()).toBe(3)
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('link', { name: 'Open the console' }).click()
  await page.getByRole('heading', { name: 'Hello, Ada Lovelace' }).waitFor()
  await page.waitForFunction(() => document.title === 'Hello, Ada Lovelace · Engine Room')

  await page.goto(`${server.url}/welcome`)
  await page.getByRole('heading', { name: 'Hello, Ada Lovelace' }).waitFor()

  await page.getByRole('button', { name: 'Menu of Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await signInAt(page, server.url, 'admin', password)
  await page.getByRole('heading', { name: 'Hello, Ada Lovelace' }).waitFor()
})
