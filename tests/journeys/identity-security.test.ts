import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword } from '@holdfast/testkit/people'
import { codeAt } from '@holdfast/testkit/second-factor'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { browserOf, freshBrowser } from './signed-in.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer()
})
afterAll(() => server.stop())

const timeout = 90_000

it('somebody sets up a second factor, and the next sign-in asks for its code', { timeout }, async () => {
  const person = await server.as('editor')
  const { page } = await browserOf(person, server.url)
  await page.goto(`${server.url}/profile`)
  await page.getByRole('link', { name: 'Set up second factor' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: 'Begin' }).click()
  await drawer.getByAltText('QR code for an authenticator app').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  const secret = await drawer.locator('code').first().innerText()
  await drawer.getByLabel('Code').fill(codeAt(secret, server.clock.nowMs()))
  await drawer.getByRole('button', { name: 'Turn on' }).click()
  const shown = await drawer.getByRole('region', { name: 'Recovery codes' }).locator('code').innerText()
  expect(shown.split(/\s+/)).toHaveLength(10)

  const { page: door } = await freshBrowser({ viewport: 'phone' })
  await door.goto(`${server.url}/sign-in`)
  await door.getByLabel(/^Login/).fill(person.user.login)
  await door.getByLabel('Password', { exact: true }).fill(testPassword)
  await door.getByRole('button', { name: 'Sign in' }).click()
  await door.getByRole('heading', { name: 'Second factor' }).waitFor()
  expect(await accessibilityFindings(door)).toEqual([])
  await door.getByLabel('Code').fill('000 000')
  await door.getByRole('button', { name: 'Sign in' }).click()
  await door.getByText('This code is wrong or was used already').waitFor()
  await door.getByLabel('Code').fill(shown.split(/\s+/)[0] ?? '')
  await door.getByRole('button', { name: 'Sign in' }).click()
  await door.getByRole('heading', { name: `Hello, ${person.user.name}` }).waitFor()
})

it('somebody creates a token that works, rotates it and revokes it', { timeout }, async () => {
  const person = await server.as('editor')
  const { page } = await browserOf(person, server.url)
  await page.goto(`${server.url}/tokens`)
  await page.getByRole('link', { name: 'Create token' }).first().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('Name').fill('Nightly import')
  await drawer.getByLabel('Scopes').click()
  await page.getByRole('option', { name: /users:read/ }).click()
  await page.keyboard.press('Escape')
  await drawer.getByRole('button', { name: 'Create token' }).click()
  const made = drawer.getByRole('region', { name: 'API token' })
  const secret = await made.locator('code').innerText()
  expect(await accessibilityFindings(page)).toEqual([])
  const statusOf = async (token: string) =>
    (await fetch(`${server.url}/api/users`, { headers: { 'x-api-key': token } })).status
  expect(await statusOf(secret)).toBe(200)
  await drawer.getByRole('button', { name: 'Done' }).click()

  await page.getByText('Nightly import').first().click()
  await drawer.getByRole('button', { name: 'Rotate secret' }).click()
  const rotated = await drawer.getByRole('region', { name: 'New secret' }).locator('code').innerText()
  expect([await statusOf(secret), await statusOf(rotated)]).toEqual([200, 200])
  expect(await accessibilityFindings(page)).toEqual([])
  await drawer.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke token' }).click()
  await page.getByText('Nightly import was revoked').waitFor()
  await expect.poll(() => statusOf(rotated), { interval: 5, timeout: 1_000 }).toBe(401)
})
