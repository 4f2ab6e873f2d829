import { deleteUser, listUsers, updateUser } from '@holdfast/contracts/identity/users'
import { updateSettings } from '@holdfast/contracts/platform/settings'
import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword } from '@holdfast/testkit/people'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { browserOf, freshBrowser } from './signed-in.ts'
import { signInAt, whenStill } from './visit.ts'

let server: TestServer
beforeAll(async () => {
  ensureConsoleBuilt()
  server = await startTestServer()
})
afterAll(() => server.stop())

const timeout = 90_000

it('somebody who is invited chooses a password with the link and signs in', { timeout }, async () => {
  const admin = await browserOf(await server.as('superAdmin'), server.url)
  await admin.page.goto(`${server.url}/admin/users`)
  await admin.page.getByRole('link', { name: 'Add user' }).click()
  const drawer = admin.page.getByRole('dialog')
  await drawer.getByLabel('Name').fill('Grace Hopper')
  await drawer.getByLabel('Login').fill('grace')
  await drawer.getByRole('button', { name: 'Add user' }).click()
  await admin.page.getByRole('heading', { name: 'Grace Hopper is invited' }).waitFor()
  expect(await accessibilityFindings(admin.page)).toEqual([])
  const shown = await admin.page.getByRole('dialog').innerHTML()
  const [link = ''] = /http[^"<]+set-password\?token=[^"<\s]+/.exec(shown) ?? []

  const { page } = await freshBrowser({ viewport: 'phone' })
  await page.goto(link)
  await page.getByLabel('New password').fill('nanoseconds of wire')
  await page.getByLabel('The same again').fill('nanoseconds of wires')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('Must be the same as the password above').waitFor()
  await page.getByLabel('The same again').fill('nanoseconds of wire')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('Your password is set').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await signInAt(page, server.url, 'grace', 'nanoseconds of wire')
  await page.getByRole('heading', { name: 'Hello, Grace Hopper' }).waitFor()

  await page.goto(link)
  await page.getByLabel('New password').fill('nanoseconds of wire')
  await page.getByLabel('The same again').fill('nanoseconds of wire')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('This link is not valid any more').waitFor()
})

it('whoever got their password from an administrator chooses their own before anything else', {
  timeout,
}, async () => {
  const admin = await server.as('superAdmin')
  const person = await server.as('viewer')
  await admin.client.call(updateUser, {
    params: { id: person.user.id },
    body: { password: 'given by somebody' },
  })
  const { page } = await freshBrowser()
  await signInAt(page, server.url, person.user.login, 'given by somebody')
  await page.getByRole('heading', { name: 'Choose your own password' }).waitFor()
  await page.goto(`${server.url}/admin/users`)
  await page.getByRole('heading', { name: 'Choose your own password' }).waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByLabel('Password you were given').fill('given by somebody')
  await page.getByLabel('New password').fill('known to me alone')
  await page.getByLabel('The same again').fill('known to me alone')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Users' }).waitFor()
})

it('a forgotten password without e-mail set up says what to do', { timeout }, async () => {
  const { page } = await freshBrowser()
  await page.goto(`${server.url}/sign-in`)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByLabel('E-mail address').fill('somebody@example.com')
  await page.keyboard.press('Enter')
  await page.getByText('E-mail is not set up here').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
})

it('a session that has ended leads to the door and from there back', { timeout }, async () => {
  const admin = await server.as('superAdmin')
  const person = await server.as('auditor')
  const { page, context } = await browserOf(person, server.url)
  await page.goto(`${server.url}/admin/audit?result=success`)
  await page.getByRole('heading', { name: 'Audit' }).waitFor()
  await admin.client.call(updateUser, { params: { id: person.user.id }, body: { status: 'suspended' } })
  await admin.client.call(updateUser, { params: { id: person.user.id }, body: { status: 'active' } })
  await page.getByRole('link', { name: 'Activity' }).click()
  await page.getByText('Your session has ended').waitFor()
  await context.clearCookies()
  await page.getByLabel('Login, username or e-mail').fill(person.user.login)
  await page.getByLabel('Password', { exact: true }).fill(testPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Activity' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/admin/activity')
})

it('a viewer sees people and no way to change them', { timeout }, async () => {
  const { page } = await browserOf(await server.as('viewer'), server.url)
  await page.goto(`${server.url}/admin/users`)
  await page
    .getByRole('row', { name: /Viewer/ })
    .first()
    .click()
  await page.getByRole('dialog').getByText('Last sign-in').waitFor()
  expect(await page.getByRole('button', { name: /Save|Delete/ }).count()).toBe(0)
  await page.keyboard.press('Escape')
  expect(await page.getByRole('link', { name: 'Add user' }).count()).toBe(0)
  expect(await page.getByRole('checkbox').count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Settings', exact: true }).count()).toBe(0)
  await page.goto(`${server.url}/admin/settings`)
  await page.getByText('Forbidden: insufficient permissions.').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
})

it('several users are selected by keyboard and suspended together', { timeout }, async () => {
  const admin = await server.as('superAdmin')
  const people = [await server.as('peer'), await server.as('peer')]
  const { page } = await browserOf(admin, server.url)
  await page.goto(`${server.url}/admin/users?search=peer-`)
  await page.getByRole('row', { name: /peer-/ }).first().focus()
  for (const key of ['x', 'j', 'x']) await page.keyboard.press(key)
  await page.getByText('2 selected').waitFor()
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Suspend' }).click()
  await page.getByText('2 users changed').waitFor()
  await whenStill(page)
  expect(await page.getByRole('row', { name: /Suspended/ }).count()).toBe(2)
  const stored = await admin.client.call(listUsers, { query: { search: 'peer-' } })
  expect(stored.data.map(({ status }) => status)).toEqual(['suspended', 'suspended'])
  for (const { user } of people) await admin.client.call(deleteUser, { params: { id: user.id } })
})

it('people may register themselves until the settings say otherwise', { timeout }, async () => {
  const admin = await server.as('superAdmin')
  const { page, context } = await freshBrowser()
  await page.goto(`${server.url}/sign-in`)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Your name').fill('Mary Shelley')
  await page.getByLabel('E-mail address').fill('mary@example.com')
  await page.getByLabel('Password', { exact: true }).fill('spark of being')
  await page.getByLabel('The same again').fill('spark of being')
  expect(await accessibilityFindings(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Hello, Mary Shelley' }).waitFor()

  await admin.client.call(updateSettings, { body: { enableRegistration: false } })
  await context.clearCookies()
  await page.goto(`${server.url}/register`)
  await page.getByText('Ask an administrator for an invitation').waitFor()
  await page.getByRole('link', { name: 'Back to sign-in' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await page.getByRole('link', { name: 'Create an account' }).count()).toBe(0)
})
