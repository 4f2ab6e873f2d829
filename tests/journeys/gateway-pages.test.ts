import { accessibilityFindings, openBrowser, type Theme, type Viewport } from '@holdfast/testkit/browser'
import { expect, it } from 'vitest'
import { emptyGatewayPages, seedGateway } from './gateway-seed.ts'
import { describeJourney } from './journey.ts'
import type { ListedPage } from './pages.ts'
import { signInAt, visit } from './visit.ts'

const looksWithinMs = 300_000
/** Both themes and both widths, without the time of all four together. */
const looks: readonly Look[] = [
  { viewport: 'desk', theme: 'light' },
  { viewport: 'phone', theme: 'dark' },
]
interface Look {
  viewport: Viewport
  theme: Theme
}

describeJourney('every page of the gateway can be used by everybody and fits its screen', {}, (at) => {
  async function findings(pages: readonly ListedPage[], seen = looks): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {}
    for (const look of seen) {
      const { page, close } = await openBrowser(look)
      try {
        await signInAt(page, at().stack.url)
        for (const { name, path } of pages) {
          await visit(page, at().stack.url + path)
          const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
          const here = [
            ...(await accessibilityFindings(page)),
            ...(isTooWide ? ['wider than the screen'] : []),
          ]
          if (here.length > 0) found[`${name} (${look.viewport}, ${look.theme})`] = here
        }
      } finally {
        await close()
      }
    }
    return found
  }

  it('before there is anything', { timeout: looksWithinMs }, async () => {
    expect(await findings(emptyGatewayPages, looks.slice(1))).toEqual({})
  })

  it('with traffic, errors and a service that is down', { timeout: looksWithinMs }, async () => {
    const gateway = await seedGateway(at().stack.url)
    try {
      expect(await findings(gateway.pages)).toEqual({})
    } finally {
      await gateway.stop()
    }
  })
})
