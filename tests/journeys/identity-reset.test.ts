import { accessibilityFindings, ensureConsoleBuilt } from '@holdfast/testkit/browser'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { type Mailbox, openMailbox } from '@holdfast/testkit/mailbox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshBrowser } from './signed-in.ts'
import { signInAt, visit } from './visit.ts'

let server: TestServer
let mailbox: Mailbox
beforeAll(async () => {
  ensureConsoleBuilt()
  mailbox = await openMailbox()
  server = await startTestServer({
    HOLDFAST_SMTP_URL: mailbox.url,
    HOLDFAST_MAIL_FROM: 'holdfast@example.com',
  })
})
afterAll(async () => {
  await server.stop()
  await mailbox.close()
})

it('whoever forgot their password gets a link by e-mail, chooses another and signs in with it', {
  timeout: 90_000,
}, async () => {
  const { user } = await server.as('viewer')
  const { page } = await freshBrowser({ viewport: 'phone' })
  await visit(page, `${server.url}/sign-in`)
  await page.getByRole('link', { name: /forgot/i }).click()
  await page.getByRole('button', { name: /send/i }).waitFor()
  await page.getByRole('textbox').fill(String(user.email))
  await page.getByRole('button', { name: /send/i }).click()
  await expect.poll(async () => (await mailbox.received()).length, { timeout: 10_000 }).toBe(1)
  const [mail] = await mailbox.received()
  expect(mail?.to).toEqual([user.email])
  const path = /\/reset-password\?token=\S+/.exec(mail?.text ?? '')?.[0] ?? ''

  // The link names the address people use; this test's server has another port each time.
  await visit(page, server.url + path)
  expect(await accessibilityFindings(page)).toEqual([])
  await page.getByLabel('New password').fill('nanoseconds of wire')
  await page.getByLabel('The same again').fill('nanoseconds of wire')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('Your password is set').waitFor()
  await signInAt(page, server.url, user.login, 'nanoseconds of wire')
  await page.getByRole('heading', { name: `Hello, ${user.name}` }).waitFor()

  await visit(page, server.url + path)
  await page.getByLabel('New password').fill('another one after it')
  await page.getByLabel('The same again').fill('another one after it')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('This link is not valid any more').waitFor()
})
