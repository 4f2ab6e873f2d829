import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { createConsole } from './console.ts'

const settings = {
  appName: 'Tea & Co "north"',
  defaultTheme: 'dark',
  enableRegistration: false,
  logsPerPage: 50,
  usersPerPage: 20,
  endpointsPerPage: 50,
  trialDatabase: true,
}

function createHarness(current = () => settings) {
  const outside = mkdtempSync(join(tmpdir(), 'holdfast-console-'))
  onTestFinished(() => rmSync(outside, { recursive: true }))
  const dist = join(outside, 'dist')
  mkdirSync(join(dist, 'assets'), { recursive: true })
  writeFileSync(join(outside, 'secret.txt'), 'secret')
  writeFileSync(
    join(dist, 'index.html'),
    '<base href="./" /><meta name="holdfast-settings" content="" /><title>Holdfast</title>',
  )
  writeFileSync(join(dist, 'assets', 'app-1a2b.js'), 'let answer = 42')
  const answer = createConsole(dist, current)
  return (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    answer({ method, path, headers })
}

it('a page of the console gets index.html with a strict policy', async () => {
  const page = await createHarness()('/build/endpoints')
  expect(String(page?.body as Buffer)).toContain('holdfast-settings')
  expect(page?.headers['content-security-policy']).not.toContain('unsafe')
  expect(page?.headers['cache-control']).toBe('no-cache')
})

it.each([
  ['/', './'],
  ['/build', './'],
  ['/build/endpoints', '../'],
  ['/build/endpoints/', '../../'],
])('the page at %s finds its files from %s', async (path, base) => {
  const page = await createHarness()(path)
  expect(String(page?.body as Buffer)).toContain(`<base href="${base}"`)
})

it('pages at different depths never share an etag', async () => {
  const get = createHarness()
  const top = await get('/build')
  const deep = await get('/build/endpoints', { 'if-none-match': top?.headers.etag ?? '' })
  expect(deep?.status).toBe(200)
})

it('the page knows that the database is one for a trial', async () => {
  const pageOf = async (trialDatabase: boolean) => {
    const page = await createHarness(() => ({ ...settings, trialDatabase }))('/')
    return page?.body instanceof Buffer ? page.body.toString('utf8') : ''
  }
  expect(await pageOf(true)).toContain('trialDatabase&quot;:true')
  expect(await pageOf(false)).toContain('trialDatabase&quot;:false')
})

it('a path deeper than any page is not served', async () => {
  expect(await createHarness()(`/${'a/'.repeat(40)}b`)).toBeNull()
})

it('a hashed file may be kept for ever and is compressed for who can read it', async () => {
  const file = await createHarness()('/assets/app-1a2b.js', { 'accept-encoding': 'gzip, br' })
  expect(file?.headers).toMatchObject({
    'content-encoding': 'br',
    'cache-control': expect.stringContaining('immutable'),
  })
  expect(brotliDecompressSync(file?.body as Buffer).toString()).toBe('let answer = 42')
})

it('a known etag is answered without a body', async () => {
  const get = createHarness()
  const first = await get('/')
  const second = await get('/', { 'if-none-match': first?.headers.etag ?? '' })
  expect([second?.status, second?.body]).toEqual([304, ''])
})

it.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/assets/../../secret.txt',
  '/missing.js',
  '/api/unknown',
  '/v1/unknown',
])('%s is not served', async (path) => {
  expect(await createHarness()(path)).toBeNull()
})

it('only reading is answered', async () => {
  expect(await createHarness()('/', {}, 'POST')).toBeNull()
})

it('the page carries the settings as data that cannot become markup', async () => {
  const answer = await createHarness()('/sign-in')
  const page = Buffer.from(answer?.body as Buffer).toString()
  expect(page).toContain('<title>Tea &amp; Co &quot;north&quot;</title>')
  expect(page).toContain('&quot;defaultTheme&quot;:&quot;dark&quot;')
})

it('a changed setting is in the next page, under another etag', async () => {
  let appName = 'Before'
  const get = createHarness(() => ({ ...settings, appName }))
  const before = await get('/')
  appName = 'After'
  const after = await get('/', { 'if-none-match': before?.headers.etag ?? '' })
  expect(after?.status).toBe(200)
  expect(String(after?.body as Buffer)).toContain('<title>After</title>')
})
