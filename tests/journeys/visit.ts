import { setTimeout as wait } from 'node:timers/promises'
import { stackAdmin } from '@holdfast/testkit/stack'
import type { Page } from 'playwright-core'

/** A page counts as still when nothing in it has changed for this long. */
const stillMs = 250
const stillWithinMs = 15_000

/** Signs in through the door, as a person does. */
export async function signInAt(
  page: Page,
  url: string,
  login: string = stackAdmin.login,
  password: string = stackAdmin.password,
) {
  await page.goto(`${url}/sign-in`)
  await page
    .getByLabel('Login, username or e-mail')
    .or(page.getByLabel(/^Login/))
    .first()
    .fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((address) => !address.pathname.includes('sign-in'))
}

/** Opens a page and waits until it has everything it asked for and nothing moves. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await whenStill(page)
}

/** Waits until no part of the page is busy and the document has stopped changing. */
export async function whenStill(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('main, h1') !== null && !document.querySelector('[aria-busy="true"]'),
    undefined,
    {
      timeout: stillWithinMs,
    },
  )
  const deadline = performance.now() + stillWithinMs
  let seen = ''
  for (;;) {
    const now = await page.evaluate(() => `${document.body.innerHTML.length} ${document.body.innerText}`)
    if (now === seen) return
    if (performance.now() > deadline) throw new Error(`${page.url()} does not come to rest.`)
    seen = now
    await wait(stillMs)
  }
}
