import { openBrowser, type TestBrowser, type Theme, type Viewport } from '@holdfast/testkit/browser'
import type { TestSession } from '@holdfast/testkit/people'
import { onTestFinished } from 'vitest'

interface Look {
  viewport?: Viewport
  theme?: Theme
}

/** A fresh browser that is closed with the test. */
export async function freshBrowser(look: Look = {}): Promise<TestBrowser> {
  const browser = await openBrowser(look)
  onTestFinished(() => browser.close())
  return browser
}

/** A browser that holds this session's cookie already, for what is not about signing in. */
export async function browserOf(session: TestSession, url: string, look: Look = {}): Promise<TestBrowser> {
  const browser = await freshBrowser(look)
  const [name = '', value = ''] = session.cookie.split('=')
  await browser.context.addCookies([{ name, value, url, httpOnly: true }])
  return browser
}

/** Chooses a theme as this browser remembers it, before any page is opened. */
export async function rememberTheme({ context }: TestBrowser, theme: Theme): Promise<void> {
  await context.addInitScript((chosen) => localStorage.setItem('holdfast.theme', chosen), theme)
}
