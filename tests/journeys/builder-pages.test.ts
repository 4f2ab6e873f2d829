import { accessibilityFindings, openBrowser, type Theme, type Viewport } from '@holdfast/testkit/browser'
import { stackAdmin } from '@holdfast/testkit/stack'
import { expect, it } from 'vitest'
import { describeJourney } from './journey.ts'
import { doorPages, emptyPages, filledPages, type ListedPage } from './pages.ts'
import { seedShop } from './seed.ts'
import { signInAt, visit } from './visit.ts'

const looksWithinMs = 600_000
/** A color that is too weak is so at any width; what does not fit, in any color. */
const looks = [
  ['light', 'desk'],
  ['dark', 'desk'],
  ['light', 'phone'],
] as const satisfies [Theme, Viewport][]

describeJourney('every page can be used by everybody', {}, (at) => {
  /** What axe finds, and what does not fit, by page, theme and width. */
  async function findings(
    pages: readonly ListedPage[],
    signedIn: boolean,
  ): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {}
    for (const [theme, viewport] of looks) {
      const { page, close } = await openBrowser({ theme, viewport })
      try {
        if (signedIn) await signInAt(page, at().stack.url)
        for (const { name, path } of pages) {
          await visit(page, at().stack.url + path)
          const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
          const here = [...(await accessibilityFindings(page)), ...(tooWide ? ['wider than the screen'] : [])]
          if (here.length > 0) found[`${name} (${theme}, ${viewport})`] = here
        }
      } finally {
        await close()
      }
    }
    return found
  }

  it('axe finds nothing before the door and on an empty installation, in either theme, at a desk and on a phone', {
    timeout: looksWithinMs,
  }, async () => {
    expect(await findings(doorPages, false)).toEqual({})
    expect(await findings(emptyPages, true)).toEqual({})
  })

  it('axe finds nothing on a filled installation, in either theme, at a desk and on a phone', {
    timeout: looksWithinMs,
  }, async () => {
    const { stack } = at()
    const shop = await seedShop({
      url: stack.url,
      ...(await stack.signIn(stackAdmin.login, stackAdmin.password)),
    })
    expect(await findings(filledPages(shop), true)).toEqual({})
  })
})
