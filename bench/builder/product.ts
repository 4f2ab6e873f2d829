import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type PinnedProcess, startPinned, untilAnswer, untilListening } from '../lib/processes.ts'

/** The product, started as people start it, with one endpoint to measure. */
export interface Product {
  url: string
  path: string
  pid(): number
  /** Milliseconds from spawning to the first answer. */
  startMs: number
  /** Fills up to `count` records; answers ids of some of them. */
  fill(count: number): Promise<void>
  sampleIds(count: number): Promise<string[]>
  /** Answers the milliseconds until the first answer. */
  restart(): Promise<number>
  /** Resolves when everything that belongs to it has started, the gateway too. */
  settle(): Promise<void>
  remove(): Promise<void>
}

const repository = join(import.meta.dirname, '../..')
const administrator = { login: 'bench', password: 'Bench-password-1' }
const path = '/api/bench-products'
const batch = 1_000

/** A record of about 300 bytes, as a small shop has them. */
export function product(index: number) {
  return {
    title: `Product ${index}`,
    price: (index % 10_000) / 100,
    description: 'A thing that people buy when they need one, and sometimes when they do not. '.repeat(2),
    tags: ['bench', `tag-${index % 50}`],
    stock: { warehouse: 'north', count: index % 1_000 },
    available: index % 3 !== 0,
  }
}

const schema = [
  { name: 'title', type: 'string', required: true },
  { name: 'price', type: 'number' },
  { name: 'description', type: 'string' },
  { name: 'tags', type: 'array' },
  {
    name: 'stock',
    type: 'object',
    children: [
      { name: 'warehouse', type: 'string' },
      { name: 'count', type: 'number' },
    ],
  },
  { name: 'available', type: 'boolean' },
]

export async function startProduct(core: number): Promise<Product> {
  const data = mkdtempSync(join(tmpdir(), 'bench-data-'))
  // As root, PostgreSQL runs as another user, who must be able to reach the folder.
  chmodSync(data, 0o711)
  const [port, gatewayPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const environment = {
    PORT: String(port),
    HOLDFAST_DATA: data,
    // The gateway of the machine runs beside it, as `npm start` has it.
    HOLDFAST_GATEWAY_PORT: String(gatewayPort),
    HOLDFAST_LOG_LEVEL: 'error',
    HOLDFAST_ADMIN_LOGIN: administrator.login,
    HOLDFAST_ADMIN_PASSWORD: administrator.password,
  }
  let running: PinnedProcess
  const start = async () => {
    running = startPinned(
      core,
      [process.execPath, join(repository, 'packages/server/src/main.ts')],
      environment,
    )
    return untilAnswer(`${url}/health`, running)
  }
  const startMs = await start()

  async function send(method: string, target: string, body: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(url + target, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok)
      throw new Error(`${method} ${target} answered ${response.status}: ${JSON.stringify(answer)}`)
    return answer
  }

  const { token } = await send('POST', '/api/auth/login', administrator)
  for (const method of ['GET', 'POST']) {
    const endpoint = { name: `Bench ${method}`, path, method, accessType: 'public', schema }
    await send('POST', '/api/endpoints', endpoint, { authorization: `Bearer ${String(token)}` })
  }
  const list = async (query: string) =>
    (await (await fetch(`${url}${path}?${query}`)).json()) as {
      data: { id: string }[]
      meta: { total: number }
    }

  return {
    url,
    path,
    startMs,
    pid: () => running.pid,
    async fill(count) {
      for (let { total } = (await list('limit=1')).meta; total < count; total += batch) {
        await send(
          'POST',
          path,
          Array.from({ length: Math.min(batch, count - total) }, (_, index) => product(total + index)),
        )
      }
    },
    async sampleIds(count) {
      const { meta } = await list('limit=1')
      const ids: string[] = []
      const pages = Math.ceil(count / 100)
      for (let index = 0; index < pages; index += 1) {
        const page = 1 + Math.floor((index * meta.total) / 100 / pages)
        ids.push(...(await list(`limit=100&page=${page}`)).data.map(({ id }) => id))
      }
      return ids
    },
    async restart() {
      await running.stop()
      return start()
    },
    settle: () => untilListening(gatewayPort, running),
    async remove() {
      await running.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
