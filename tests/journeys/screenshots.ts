import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
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
import { emptyGatewayPages, seedGateway } from './gateway-seed.ts'
import { doorPages, emptyPages, filledPages, type ListedPage } from './pages.ts'
import { seedShop } from './seed.ts'
import { signInAt, visit } from './visit.ts'

/**
 * `npm run screenshots`: every page of the console as a picture in `.screenshots/`, at a desk and on a phone, light and
 * dark, on an empty installation and on a filled one; for a person to look through. The pictures in the
 * guide are made here too, with `--guide`.
 */
const looks: ReadonlyArray<{ viewport: Viewport; theme: Theme }> = [
  { viewport: 'desk', theme: 'light' },
  { viewport: 'desk', theme: 'dark' },
  { viewport: 'phone', theme: 'light' },
]
const guideFolder = fileURLToPath(new URL('../../docs/guide/images/', import.meta.url))
/** Pictures of the guide, by the page that they show. */
const guidePictures: Readonly<Record<string, string>> = {
  'build-records': 'records.png',
  'gateway-map': 'gateway.png',
}

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
        if (viewport === 'desk' && theme === 'light') keepForGuide(picture, guidePictures[name])
      }
    } finally {
      await browser.close()
    }
  }
}

function keepForGuide(picture: string, name: string | undefined): void {
  if (name === undefined || !process.argv.includes('--guide')) return
  mkdirSync(guideFolder, { recursive: true })
  copyFileSync(picture, `${guideFolder}${name}`)
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
  await look(stack, 'empty', [...emptyPages, ...emptyGatewayPages], true)
  const shop = await seedShop({
    url: stack.url,
    ...(await stack.signIn(stackAdmin.login, stackAdmin.password)),
  })
  const gateway = await seedGateway(stack.url)
  try {
    await look(stack, 'filled', [...filledPages(shop), ...gateway.pages], true)
  } finally {
    await gateway.stop()
  }
} finally {
  await stack.stop()
}
process.stdout.write('The pictures are in .screenshots/\n')
