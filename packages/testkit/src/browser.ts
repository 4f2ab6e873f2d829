import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** The repository's root; screenshots and the built console are found from here. */
const root = fileURLToPath(new URL('../../../', import.meta.url))
const screenshotFolder = join(root, '.screenshots')

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome']
const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where the system's Chromium is, or null. Looked for on the PATH: nothing is downloaded. */
export function findChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = chromiumNames.flatMap((name) => folders.map((folder) => join(folder, name)))
  return candidates.find((path) => existsSync(path)) ?? null
}

/** What a journey prints when it cannot run, so that a green result never hides it. */
export const missingChromium =
  'There is no Chromium on this machine, so nothing was tried in a browser. Install it: apt-get install chromium'

/** Builds the console when there is no build; a stale one is the caller's to remove. */
export function ensureConsoleBuilt(): void {
  if (existsSync(join(root, 'packages/console/dist/index.html'))) return
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const build = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: join(root, 'packages/console'),
    stdio: 'inherit',
  })
  if (build.status !== 0) throw new Error('The console could not be built; see the output above.')
}

export type Theme = 'light' | 'dark'

/** The widths at which every page has to be good: a desk and a phone. */
export const viewports = {
  desk: { width: 1_440, height: 900 },
  phone: { width: 390, height: 844 },
} as const
export type Viewport = keyof typeof viewports

export interface TestBrowser {
  context: BrowserContext
  page: Page
  close(): Promise<void>
}

/** A browser with a fresh profile, so that nothing of another run is remembered. */
export async function openBrowser(
  options: { viewport?: Viewport; theme?: Theme } = {},
): Promise<TestBrowser> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error(missingChromium)
  const profile = mkdtempSync(join(tmpdir(), 'holdfast-browser-'))
  const viewport = options.viewport ?? 'desk'
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: chromiumArguments,
    viewport: viewports[viewport],
    colorScheme: options.theme ?? 'light',
    hasTouch: viewport === 'phone',
    reducedMotion: 'reduce',
    locale: 'en-US',
    acceptDownloads: true,
  })
  // The installation has a theme of its own; what a browser has chosen goes before it.
  await context.addInitScript(
    (theme) => localStorage.setItem('holdfast.theme', theme),
    options.theme ?? 'light',
  )
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    context,
    page,
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** One sentence per thing that axe finds on the page as it is now; empty when there is nothing. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(' ')).join('; ')})`,
  )
}

/** Writes what is on screen to `.screenshots/`; `name` may hold folders. Answers the path. */
export async function takeScreenshot(page: Page, name: string, fullPage = false): Promise<string> {
  const path = join(screenshotFolder, `${name}.png`)
  mkdirSync(dirname(path), { recursive: true })
  await page.screenshot({ path, fullPage, animations: 'disabled' })
  return path
}
