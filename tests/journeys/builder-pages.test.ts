import { accessibilityFindings, openBrowser, type Theme } from '@holdfast/testkit/browser'
import { stackAdmin } from '@holdfast/testkit/stack'
import { expect, it } from 'vitest'
import { describeJourney } from './journey.ts'
import { doorPages, emptyPages, filledPages, type ListedPage } from './pages.ts'
import { seedShop } from './seed.ts'
import { signInAt, visit } from './visit.ts'

const looksWithinMs = 400_000

describeJourney('every page can be used by everybody', {}, (at) => {
  /** What axe finds, by page and theme. */
  async function findings(
    pages: readonly ListedPage[],
    signedIn: boolean,
  ): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {}
    for (const theme of ['light', 'dark'] satisfies Theme[]) {
      const { page, close } = await openBrowser({ theme })
      try {
        if (signedIn) await signInAt(page, at().stack.url)
        for (const { name, path } of pages) {
          await visit(page, at().stack.url + path)
          const here = await accessibilityFindings(page)
          if (here.length > 0) found[`${name} (${theme})`] = here
        }
      } finally {
        await close()
      }
    }
    return found
  }

  it('axe finds nothing before the door and on an empty installation, in either theme', {
    timeout: looksWithinMs,
  }, async () => {
    expect(await findings(doorPages, false)).toEqual({})
    expect(await findings(emptyPages, true)).toEqual({})
  })

  it('axe finds nothing on a filled installation, in either theme', { timeout: looksWithinMs }, async () => {
    const { stack } = at()
    const shop = await seedShop({
      url: stack.url,
      ...(await stack.signIn(stackAdmin.login, stackAdmin.password)),
    })
    expect(await findings(filledPages(shop), true)).toEqual({})
  })
})
