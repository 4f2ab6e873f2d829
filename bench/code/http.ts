import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { createClient } from '@holdfast/contracts/kit/client'
import { freePort, startPinned, untilAnswer } from '../lib/processes.ts'

const administrator = { login: 'bench', password: 'Bench-password-1' }
const warmUpCount = 200

/**
 * What a handler adds to a request as its caller sees it: the same record is created through an endpoint with a `pre`
 * handler and through one without, one request after the other and in turns. Answers both medians in milliseconds.
 */
export async function measureOverHttp(
  code: string,
  count: number,
): Promise<{ plainMs: number; handledMs: number }> {
  const data = mkdtempSync(join(tmpdir(), 'bench-code-'))
  // As root, PostgreSQL runs as another user, who must be able to reach the folder.
  chmodSync(data, 0o711)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = startPinned(
    0,
    [process.execPath, join(import.meta.dirname, '../../packages/server/src/main.ts')],
    {
      PORT: String(port),
      HOLDFAST_DATA: data,
      HOLDFAST_LOG_LEVEL: 'error',
      HOLDFAST_ADMIN_LOGIN: administrator.login,
      HOLDFAST_ADMIN_PASSWORD: administrator.password,
    },
  )
  try {
    await untilAnswer(`${url}/health`, server)
    await define(url, code)
    const times: Record<string, number[]> = { '/api/plain': [], '/api/handled': [] }
    for (let turn = 0; turn < warmUpCount + count; turn += 1)
      for (const [path, taken] of Object.entries(times)) {
        const startedMs = performance.now()
        await create(url + path)
        if (turn >= warmUpCount) taken.push(performance.now() - startedMs)
      }
    return { plainMs: medianOf(times['/api/plain']), handledMs: medianOf(times['/api/handled']) }
  } finally {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

async function define(url: string, code: string): Promise<void> {
  const signedIn = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  })
  const { token } = (await signedIn.json()) as { token: string }
  const client = createClient({ baseUrl: url, headers: () => ({ authorization: `Bearer ${token}` }) })
  const schema = [
    { name: 'title', type: 'string' as const, required: true },
    { name: 'price', type: 'number' as const },
  ]
  const body = { method: 'POST' as const, accessType: 'public' as const, schema }
  const handlers = [{ name: 'Trim', type: 'pre' as const, code }]
  await client.call(createEndpoint, { body: { ...body, name: 'Plain', path: '/api/plain' } })
  await client.call(createEndpoint, { body: { ...body, name: 'Handled', path: '/api/handled', handlers } })
}

async function create(url: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"title":" Cup ","price":12}',
  })
  await response.arrayBuffer()
  if (response.status !== 201) throw new Error(`${url} answered ${response.status}.`)
}

function medianOf(times: readonly number[] | undefined): number {
  const sorted = (times ?? []).toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}
