import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  ensureConsoleBuilt,
  findChromium,
  missingChromium,
  openBrowser,
  type Theme,
  takeScreenshot,
  type Viewport,
} from '@holdfast/testkit/browser'
import { type Stack, stackAdmin, startStack } from '@holdfast/testkit/stack'
import { doorPages, emptyPages, filledPages, type ListedPage } from './pages.ts'
import { seedShop } from './seed.ts'
import { signInAt, visit } from './visit.ts'

/**
 * `npm run screenshots`: every page of the console as a picture in `.screenshots/`, at a desk and on a phone, light and
 * dark, on an empty installation and on a filled one; for a person to look through. The picture of the records in the
 * guide is made here too, with `--guide`.
 */
const looks: ReadonlyArray<{ viewport: Viewport; theme: Theme }> = [
  { viewport: 'desk', theme: 'light' },
  { viewport: 'desk', theme: 'dark' },
  { viewport: 'phone', theme: 'light' },
]
const guidePicture = fileURLToPath(new URL('../../docs/guide/images/records.png', import.meta.url))

async function look(
  stack: Stack,
  folder: string,
  pages: readonly ListedPage[],
  signedIn: boolean,
): Promise<void> {
  for (const { viewport, theme } of looks) {
    const browser = await openBrowser({ viewport, theme })
    try {
      if (signedIn) await signInAt(browser.page, stack.url)
      for (const { name, path } of pages) {
        await visit(browser.page, stack.url + path)
        const picture = await takeScreenshot(browser.page, `${folder}/${name}-${viewport}-${theme}`)
        if (name === 'build-records' && viewport === 'desk' && theme === 'light') keepForGuide(picture)
      }
    } finally {
      await browser.close()
    }
  }
}

function keepForGuide(picture: string): void {
  if (!process.argv.includes('--guide')) return
  mkdirSync(dirname(guidePicture), { recursive: true })
  copyFileSync(picture, guidePicture)
}

if (findChromium() === null) {
  process.stderr.write(`${missingChromium}\n`)
  process.exit(1)
}
ensureConsoleBuilt()
rmSync(fileURLToPath(new URL('../../.screenshots', import.meta.url)), { recursive: true, force: true })

const fresh = await startStack({ firstRun: true })
await look(fresh, 'first-run', [{ name: 'welcome', path: '/welcome' }], false)
await fresh.stop()

const stack = await startStack()
try {
  await look(stack, 'door', doorPages, false)
  await look(stack, 'empty', emptyPages, true)
  const shop = await seedShop({
    url: stack.url,
    ...(await stack.signIn(stackAdmin.login, stackAdmin.password)),
  })
  await look(stack, 'filled', filledPages(shop), true)
} finally {
  await stack.stop()
}
process.stdout.write('The pictures are in .screenshots/\n')
