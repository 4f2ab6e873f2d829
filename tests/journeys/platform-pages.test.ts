import { createGroup } from '@holdfast/contracts/identity/groups'
import { getSettings, updateSettings } from '@holdfast/contracts/platform/settings'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserOf, freshBrowser, rememberTheme } from './signed-in.ts'
import { visit, whenStill } from './visit.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer()
})
afterAll(() => server.stop())

const timeout = 180_000
const paths = [
  '/',
  '/admin/users',
  '/admin/users/new',
  '/admin/groups',
  '/admin/groups/new',
  '/admin/settings',
  '/admin/config',
  '/admin/plugins',
  '/admin/activity',
  '/admin/audit',
  '/admin/database',
  '/admin/database/sql-access',
  '/admin/database/groups',
  '/admin/operations',
  '/admin/backups',
  '/profile',
  '/profile/password',
]

describe('every page can be read by everybody and fits its screen', () => {
  it.each([
    { viewport: 'desk', theme: 'light' },
    { viewport: 'desk', theme: 'dark' },
    { viewport: 'phone', theme: 'light' },
    { viewport: 'phone', theme: 'dark' },
  ] as const)('$viewport, $theme', { timeout }, async ({ viewport, theme }) => {
    const browser = await browserOf(await server.as('superAdmin'), server.url, { viewport })
    await rememberTheme(browser, theme)
    const found: Record<string, string[]> = {}
    for (const path of paths) {
      await visit(browser.page, server.url + path)
      expect(await browser.page.evaluate(() => document.documentElement.dataset['theme'])).toBe(theme)
      const tooWide = await browser.page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      const findings = [
        ...(await accessibilityFindings(browser.page)),
        ...(tooWide ? ['wider than the screen'] : []),
      ]
      if (findings.length > 0) found[path] = findings
    }
    expect(found).toEqual({})
  })
})

it.each(['light', 'dark'] as const)(
  'the pages before the door can be read by everybody, %s',
  { timeout },
  async (theme) => {
    await (await server.as('superAdmin')).client.call(updateSettings, { body: { enableRegistration: true } })
    const browser = await freshBrowser({ viewport: 'phone' })
    await rememberTheme(browser, theme)
    for (const path of [
      '/sign-in',
      '/register',
      '/forgot-password',
      '/set-password?token=t',
      '/reset-password',
    ]) {
      await visit(browser.page, server.url + path)
      expect({ path, findings: await accessibilityFindings(browser.page) }).toEqual({ path, findings: [] })
    }
  },
)

it('a changed setting holds after a reload, for the name, the theme and the limits', {
  timeout,
}, async () => {
  const { page } = await browserOf(await server.as('superAdmin'), server.url)
  await visit(page, `${server.url}/admin/settings`)
  await page.getByLabel('Name of this installation').fill('North & South')
  await page.getByRole('combobox', { name: 'Theme' }).click()
  await page.getByRole('option', { name: 'Light' }).click()
  await page.getByLabel('Length of the pause').fill('20')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await page.getByText('The settings are saved').waitFor()
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light')

  await page.reload()
  await whenStill(page)
  expect(await page.title()).toBe('Settings · North & South')
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light')
  expect(await page.getByLabel('Length of the pause').inputValue()).toBe('20')
})

it('a setting beyond its bounds is refused beside its field, and nothing is stored', {
  timeout,
}, async () => {
  const admin = await server.as('superAdmin')
  const { page } = await browserOf(admin, server.url)
  await visit(page, `${server.url}/admin/settings`)
  await page.getByLabel('Keep activity for').fill('0')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await page.getByText('Must be at least 1').waitFor()
  const stored = await admin.client.call(getSettings)
  expect(stored.data.settings.logRetentionDays).toBe(30)
  expect(await accessibilityFindings(page)).toEqual([])
})

it('a long audit trail draws only what is on screen and is walked by keyboard', { timeout }, async () => {
  const admin = await server.as('superAdmin')
  for (let number = 0; number < 130; number++)
    await admin.client.call(createGroup, { body: { name: `Crew ${number}` } })
  const { page } = await browserOf(admin, server.url)
  await visit(page, `${server.url}/admin/audit?action=group.created`)
  await page.getByText('100 of 130').waitFor()
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByRole('table', { name: 'Audit log' }).and(page.locator('[aria-rowcount="131"]')).waitFor()
  expect(await page.locator('tr[data-row]').count()).toBeLessThan(80)
  expect(await accessibilityFindings(page)).toEqual([])

  await page.locator('tr[data-row="0"]').focus()
  await page.keyboard.press('End')
  await page.locator('tr[data-row="129"]:focus').waitFor()
  await page.keyboard.press('k')
  await page.locator('tr[data-row="128"]:focus').waitFor()
  await page.keyboard.press('Enter')
  expect(await page.getByRole('dialog').innerText()).toContain('Crew 1')
})
