import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { constants, brotliCompress, gzip } from 'node:zlib'
import type { FallbackAnswer, FallbackRequest } from './bind.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

/** No inline script or style, nothing from elsewhere, never in a frame. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

interface Asset {
  type: string
  etag: string
  /** Vite puts a hash into the names under assets/, so they never change. */
  immutable: boolean
  plain: Buffer
  encoded: Map<string, Promise<Buffer>>
}

const compressors: Record<string, (plain: Buffer) => Promise<Buffer>> = {
  br: (plain) => promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (plain) => promisify(gzip)(plain, { level: 9 }),
}

/** Settings that the console needs before anybody is signed in; they are written into the page. Nothing secret. */
export interface ConsoleSettings {
  appName: string
  defaultTheme: string
  enableRegistration: boolean
  logsPerPage: number
  usersPerPage: number
  endpointsPerPage: number
  /** The database is the bundle that npm brought: good for a trial. */
  trialDatabase: boolean
}

/**
 * Serves the built console. Files are known by name from the start, so a path can only ever name one of them;
 * a path without an extension is a page and gets index.html. Each file is compressed once, when first asked for.
 */
export function createConsole(
  directory: string,
  settings: () => ConsoleSettings,
): (request: FallbackRequest) => Promise<FallbackAnswer | null> {
  let assets: Map<string, Asset> | undefined
  const pageAt = createPages(settings)
  return async ({ method, path, headers }) => {
    if ((method !== 'GET' && method !== 'HEAD') || path.startsWith('/api/') || path.startsWith('/v1/'))
      return null
    assets ??= readAssets(directory)
    const isPage = extname(path) === '' || path === '/index.html'
    const asset = isPage ? pageAt(path, assets) : assets.get(path)
    if (asset === undefined) return null
    const shared = {
      ...securityHeaders,
      'content-type': asset.type,
      etag: asset.etag,
      vary: 'accept-encoding',
      'cache-control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    }
    if (headers['if-none-match'] === asset.etag) return { status: 304, headers: shared, body: '' }
    const encoding = encodingFor(headers['accept-encoding'], asset)
    const compressor = encoding === null ? undefined : compressors[encoding]
    if (encoding === null || compressor === undefined)
      return { status: 200, headers: shared, body: asset.plain }
    const encoded = asset.encoded.get(encoding) ?? compressor(asset.plain)
    asset.encoded.set(encoding, encoded)
    return { status: 200, headers: { ...shared, 'content-encoding': encoding }, body: await encoded }
  }
}

/** No page of the console is deeper than this; it also bounds how many variants of the page are kept. */
const depthMax = 16

/**
 * The page, with a `<base>` that leads from the requested path back to where the console is mounted, and the settings.
 * The base is relative, so the same build works under any prefix that a proxy in front takes away. The settings are
 * data in an attribute, because the policy allows no inline script; the theme is known before the first paint.
 */
function createPages(settings: () => ConsoleSettings) {
  let written = ''
  let pages = new Map<number, Asset>()
  return function pageAt(path: string, assets: Map<string, Asset>): Asset | undefined {
    const index = assets.get('/index.html')
    const depth = path.split('/').length - 2
    if (index === undefined || depth > depthMax) return undefined
    const { appName, defaultTheme, enableRegistration, trialDatabase, ...pageSizes } = settings()
    const { logsPerPage, usersPerPage, endpointsPerPage } = pageSizes
    const current = JSON.stringify({
      appName,
      defaultTheme,
      enableRegistration,
      trialDatabase,
      logsPerPage,
      usersPerPage,
      endpointsPerPage,
    })
    if (current !== written) {
      written = current
      pages = new Map()
    }
    const known = pages.get(depth)
    if (known !== undefined) return known
    const html = index.plain
      .toString('utf8')
      .replace('<base href="./"', () => `<base href="${'../'.repeat(depth) || './'}"`)
      .replace('<title>Holdfast</title>', () => `<title>${escapeHtml(appName)}</title>`)
      .replace(
        'name="holdfast-settings" content=""',
        () => `name="holdfast-settings" content="${escapeHtml(current)}"`,
      )
    const page = createAsset('.html', Buffer.from(html), false)
    pages.set(depth, page)
    return page
  }
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function encodingFor(accepted: string | string[] | undefined, asset: Asset): 'br' | 'gzip' | null {
  if (typeof accepted !== 'string' || asset.type === 'font/woff2' || asset.type === 'image/png') return null
  if (/\bbr\b/.test(accepted)) return 'br'
  return /\bgzip\b/.test(accepted) ? 'gzip' : null
}

function readAssets(directory: string): Map<string, Asset> {
  if (!existsSync(directory)) return new Map()
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const path = `/${relative(directory, file).split(sep).join('/')}`
      return [path, createAsset(extname(file), readFileSync(file), path.startsWith('/assets/'))]
    }),
  )
}

function createAsset(extension: string, plain: Buffer, immutable: boolean): Asset {
  return {
    type: types[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    immutable,
    plain,
    encoded: new Map(),
  }
}
