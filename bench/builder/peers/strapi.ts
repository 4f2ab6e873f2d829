import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { freePort, startPinned, untilAnswer } from '../../lib/processes.ts'
import { product } from '../product.ts'
import { strapiFiles } from './strapi-files.ts'

/** Strapi with its PostgreSQL on one core, and records to measure. */
export interface StrapiPeer {
  url: string
  /** What its create route expects around a record. */
  body: string
  fill(count: number): Promise<void>
  sampleIds(count: number): Promise<string[]>
  remove(): Promise<void>
}

const batch = 50

/** Installs Strapi once, into `.data` of the repository, from the npm registry in use. */
function install(): string {
  const application = join(import.meta.dirname, '../../../.data/bench-strapi')
  for (const [path, text] of Object.entries(strapiFiles)) {
    mkdirSync(dirname(join(application, path)), { recursive: true })
    writeFileSync(join(application, path), text)
  }
  if (!existsSync(join(application, 'node_modules/@strapi/strapi')))
    execFileSync('npm', ['install', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'], {
      cwd: application,
      stdio: 'inherit',
    })
  return application
}

export async function startStrapi(core: number): Promise<StrapiPeer> {
  const application = install()
  const data = mkdtempSync(join(tmpdir(), 'bench-strapi-'))
  chmodSync(data, 0o711)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/api/products`
  const running = startPinned(core, [
    process.execPath,
    join(import.meta.dirname, 'strapi-main.ts'),
    application,
    data,
    String(port),
  ])
  await untilAnswer(url, running)

  async function create(index: number): Promise<void> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data: product(index) }),
    })
    if (!response.ok)
      throw new Error(`Strapi answered ${response.status} to a create: ${await response.text()}`)
    await response.body?.cancel()
  }

  return {
    url,
    body: JSON.stringify({ data: product(7) }),
    async fill(count) {
      for (let from = 0; from < count; from += batch)
        await Promise.all(Array.from({ length: batch }, (_, offset) => create(from + offset)))
    },
    async sampleIds(count) {
      const ids: string[] = []
      for (let page = 1; ids.length < count; page += 1) {
        const query = `pagination[page]=${page}&pagination[pageSize]=100&fields[0]=title`
        const { data: rows } = (await (await fetch(`${url}?${query}`)).json()) as {
          data: { documentId: string }[]
        }
        if (rows.length === 0) break
        ids.push(...rows.map(({ documentId }) => documentId))
      }
      return ids
    },
    async remove() {
      await running.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
